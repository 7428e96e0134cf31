import HoneCore
import HoneServer
import Testing

@Suite("Search strategies")
struct StrategyTests {
    @Test("names are read as they are written, and nothing else is")
    func names() {
        #expect(SearchStrategy("best-of-8") == .bestOf(8))
        #expect(SearchStrategy("self-consistency-16") == .selfConsistency(16))
        for text in ["best-of-0", "best-of--1", "best-of-08", "best-of-", "best-of-+3", "Best-of-3", "self-consistency", "beam-4", ""] {
            #expect(SearchStrategy(text) == nil, "\(text)")
        }
        #expect(SearchStrategy("\(SearchStrategy.bestOf(12))") == .bestOf(12))
    }

    @Test("best-of takes the highest mean log-probability, the first of equals")
    func bestOf() {
        func choice(_ values: [Double]) -> Int { SearchStrategy.bestOf(3).choice(among: values.map { .init(text: "", meanLogProb: $0) }) }
        #expect(choice([-2, -1, -3]) == 1)
        #expect(choice([-1, -1, -1]) == 0)
        #expect(choice([.nan, -1, -2]) == 0, "a candidate without log-probabilities is not passed over silently: order decides")
    }

    @Test("self-consistency counts final answers however they are written, and takes the likeliest of the majority")
    func selfConsistency() {
        func choice(_ candidates: [(String, Double)]) -> Int {
            SearchStrategy.selfConsistency(5).choice(among: candidates.map { .init(text: $0.0, meanLogProb: $0.1) })
        }
        #expect(choice([("the answer is 7", -0.1), ("so #### 12", -3), ("I get \\boxed{12.0}", -2), ("it is 9", -0.2)]) == 2)
        // Ties go to the answer that came first.
        #expect(choice([("it is 5", -4), ("it is 6", -1)]) == 0)
        // Answers without a number are compared by their last line.
        #expect(choice([("Let me see\nParis", -3), ("Rome", -1), ("well,\n paris \n", -2)]) == 2)
        #expect(choice([("", -3), ("", -1)]) == 1)
    }

    @Test("a strategy is a model name: candidates are drawn, one is the answer, all are counted, also streamed")
    func overTheWire() async throws {
        let answers = ["it is 1", "it is 2", "it is 3", "it is 2"]
        let model = StreamedBytes { _, sample in answers[sample % 4] }
        try await RunningServer.with([hosted(model)]) { server in
            let body = #""messages":[{"role":"user","content":"q"}]"#
            let reply = try await server.post("/v1/chat/completions", #"{"model":"bytes@self-consistency-4","n":2,\#(body)}"#)
            #expect(reply.choices.map { $0["message"]?["content"]?.text } == ["it is 2", "it is 2"])
            #expect(reply.json["model"] == "bytes@self-consistency-4")
            #expect(reply.json["usage"]?["completion_tokens"] == 64, "eight candidates of seven bytes and an end each")
            #expect(model.bytes.log.all.last?.count == 8)
            // Bytes of lower value are likelier in this model.
            let best = try await server.post("/v1/completions", #"{"model":"bytes@best-of-4","prompt":"q","stream":true}"#)
            #expect(best.events.compactMap { $0["choices"]?[0]?["text"]?.text } == ["it is 1"])
            #expect(best.isDone)
            let tooMany = try await server.post("/v1/completions", #"{"model":"bytes@best-of-200","prompt":"q","n":2}"#)
            #expect(tooMany.status == 400 && tooMany.error["param"] == "n")
            #expect(try await server.post("/v1/completions", #"{"model":"bytes@best-of-100000","prompt":"q"}"#).status == 400)
            let unknown = try await server.post("/v1/completions", #"{"model":"bytes@magic-3","prompt":"q"}"#)
            #expect(unknown.status == 404 && unknown.error["code"] == "model_not_found")
        }
    }

    @Test("models are listed with their strategies, and each can be asked about")
    func listing() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "x")), hosted(StreamedBytes(saying: "y"), name: "org/other")]) { server in
            let list = try await server.ask("GET", "/v1/models")
            #expect(list.json["object"] == "list")
            #expect(
                list.json["data"]?.elements?.map { $0["id"]?.text } == [
                    "bytes", "bytes@best-of-8", "bytes@self-consistency-16", "org/other", "org/other@best-of-8", "org/other@self-consistency-16",
                ])
            #expect(list.json["data"]?[1]?["parent"] == "bytes")
            #expect(list.json["data"]?[0]?["max_model_len"] == 512)
            #expect(try await server.ask("GET", "/v1/models/bytes@best-of-3").json["id"] == "bytes@best-of-3")
            #expect(try await server.ask("GET", "/v1/models/org%2Fother").json["id"] == "org/other")
            #expect(try await server.ask("GET", "/v1/models/nobody").status == 404)
            #expect(try await server.ask("GET", "/health").json["status"] == "ok")
        }
    }
}
