import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

/// The divergence KL(p‖q) of two distributions, in nats.
private func divergence(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }

@Suite("Distillation", .serialized)
struct DistillationTests {
    @Test("the three divergences of two coins are those computed by hand")
    func byHand() throws {
        let (teacher, student): ([Double], [Double]) = ([0.5, 0.5], [0.25, 0.75])
        let middle = zip(teacher, student).map { ($0 + $1) / 2 }
        func line(_ more: String = "") -> String {
            let logs = [student, teacher].map { "[\(log($0[0])), \(log($0[1]))]" }
            return #"{"logProbs": [[-1, -5]], "mask": [[1, 0]], "scores": {"distribution": [[\#(logs[0]), null]], "teacherDistribution": [[\#(logs[1]), null]]}\#(more)}"#
        }
        let cases: [(String, Double)] = [
            ("forward-distillation", divergence(teacher, student)), ("reverse-distillation", divergence(student, teacher)),
            ("jensen-shannon-distillation", 0.5 * divergence(teacher, middle) + 0.5 * divergence(student, middle)),
        ]
        for (name, expected) in cases {
            let answer = try portAnswer(name, line())
            #expect(areClose([try #require(answer["loss"]?.double)], [expected]), "\(name)")
            #expect(areClose([try #require(answer["metrics"]?["forwardKL"]?.double)], [divergence(teacher, student)]), "\(name)")
        }
        // The gradient of the forward divergence is minus the teacher, as the student's numbers are log-probabilities.
        let forward = try portAnswer("forward-distillation", line())
        #expect(areClose(flatNumbers(forward["gradients"]?["distribution"]), [-0.5, -0.5, 0, 0]))
        let ends = try [0.0, 1.0].map { try portAnswer("jensen-shannon-distillation", line(#", "settings": {"beta": \#($0)}"#))["loss"]?.double }
        #expect(ends == [forward["loss"]?.double, try portAnswer("reverse-distillation", line())["loss"]?.double])
    }

    @Test("every divergence leads the student to the teacher", arguments: [0.0, 0.1, 0.5, 0.9, 1.0])
    func reachesTeacher(_ beta: Double) throws {
        var settings = JensenShannonDistillation.Settings()
        settings.beta = beta
        let objective = JensenShannonDistillation(settings)
        let teacher: [Double] = [0.5, 0.3, 0.15, 0.05]
        var lesson = Lesson(mask: [[1, 0]])
        lesson.scores[objective.needs[0]] = try Tensor(teacher.map { log($0) } + [0, 0, 0, 0], shape: [1, 2, 4])
        let logits = try Tensor([-1.0, 0.0, 1.0, 0.5, 0, 0, 0, 0], shape: [1, 2, 4])
        let scale = beta > 0 && beta < 1 ? 1 / (beta * (1 - beta)) : 1
        let last = try descend([logits], rate: 2 * scale, steps: 200) {
            try lesson.loss(of: objective, reads: [.allLogProbs: try logits.logSoftmax(2)])
        }
        let learned = Array(try logits.softmax(2).doubles().prefix(4))
        #expect(last < 1e-8 && areClose(learned, teacher, 1e-4), "\(learned)")
    }

    @Test("where the student cannot be the teacher, forward KL covers and reverse KL seeks a mode")
    func coversOrSeeks() throws {
        // The student mixes two shapes by one parameter: spread evenly, or on the first mode alone.
        let teacher = try Tensor([0.49, 0.02, 0.49].map { log($0) }, shape: [1, 1, 3])
        let shapes = try Tensor([1.0 / 3, 1.0 / 3, 1.0 / 3, 0.98, 0.01, 0.01], shape: [2, 3])
        func share(_ objective: any Objective) throws -> Double {
            var lesson = Lesson(mask: [[1]])
            lesson.scores[objective.needs[0]] = teacher
            let logits = try Tensor([0.0, 0.0], shape: [1, 2])
            try descend([logits], rate: 1, steps: 300) {
                let mixed = try logits.softmax(1).matmul(shapes).log().reshape([1, 1, 3])
                return try lesson.loss(of: objective, reads: [.allLogProbs: mixed])
            }
            return try logits.softmax(1).doubles()[1]
        }
        let (covering, seeking) = (try share(ForwardDistillation()), try share(ReverseDistillation()))
        #expect(covering < 0.3 && seeking > covering + 0.1, "\(covering), \(seeking)")
    }

    @Test("distillation on sampled tokens has, in expectation and on policy, the gradient of the reverse divergence")
    func sampledGradient() throws {
        let teacher: [Double] = [0.6, 0.3, 0.1]
        let logits = try Tensor([0.3, -0.2, 0.4], shape: [3])
        try logits.requireGradient()
        let own = try logits.detach().softmax(0).doubles()
        // One row for each token, weighted by how often the student draws it: an exact expectation.
        var lesson = Lesson(mask: [[1], [1], [1]])
        lesson.weights = own.map { [$0] }
        lesson.samplerLogProbs = own.map { [log($0)] }
        let sampled = SampledDistillation()
        lesson.scores[sampled.needs[0]] = try Tensor(teacher.map { log($0) }, shape: [3, 1])
        try lesson.loss(of: sampled, reads: [.logProbs: try logits.logSoftmax(0).reshape([3, 1])]).backward()
        let found = try #require(try logits.gradient()).doubles()
        try logits.clearGradient()
        var whole = Lesson(mask: [[1]])
        let exact = ReverseDistillation()
        whole.scores[exact.needs[0]] = try Tensor(teacher.map { log($0) }, shape: [1, 1, 3])
        try whole.loss(of: exact, reads: [.allLogProbs: try logits.logSoftmax(0).reshape([1, 1, 3])]).backward()
        #expect(areClose(found, try #require(try logits.gradient()).doubles(), 1e-12))
    }

    @Test("a teacher of another vocabulary is refused")
    func vocabularies() {
        #expect(throws: ObjectiveError.self) {
            try portAnswer(
                "forward-distillation",
                #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"distribution": [[[-1, -1]]], "teacherDistribution": [[[-1, -1, -1]]]}}"#)
        }
    }
}

@Suite("KL estimators", .serialized)
struct KLEstimatorTests {
    private let own: [Double] = [0.5, 0.3, 0.2]
    private let reference: [Double] = [0.2, 0.2, 0.6]

    @Test("k1 and k3 are unbiased; k2 and k3 are never negative")
    func expectations() throws {
        let p = try Tensor(own.map { log($0) }, shape: [3])
        let q = try Tensor(reference.map { log($0) }, shape: [3])
        for estimator in KLEstimator.allCases {
            let values = try estimator.values(p, against: q).doubles()
            let expectation = zip(own, values).reduce(0) { $0 + $1.0 * $1.1 }
            if estimator != .k2 { #expect(areClose([expectation], [divergence(own, reference)])) }
            #expect(values.contains { $0 < 0 } == (estimator == .k1))
        }
        let second = try KLEstimator.k2.values(p, against: q).doubles()
        #expect(areClose(second, zip(own, reference).map { log($0 / $1) * log($0 / $1) / 2 }))
        #expect(throws: TensorError.self) { try KLEstimator.k1.values(p, against: try Tensor([0.0], shape: [1])) }
    }

    @Test("on policy the gradient of k1 averages to 0, that of k2 is the divergence's, that of k3 the forward divergence's")
    func gradients() throws {
        func gradient(_ loss: (Tensor) throws -> Tensor) throws -> [Double] {
            let logits = try Tensor(own.map { log($0) }, shape: [3])
            try logits.requireGradient()
            try loss(try logits.logSoftmax(0)).backward()
            return try #require(try logits.gradient()).doubles()
        }
        func estimated(_ estimator: KLEstimator) throws -> [Double] {
            var settings = KLPenalty.Settings()
            settings.estimator = estimator
            let objective = KLPenalty(settings)
            var lesson = Lesson(mask: [[1], [1], [1]])
            lesson.weights = own.map { [$0] }
            lesson.scores[objective.needs[0]] = try Tensor(reference.map { log($0) }, shape: [3, 1])
            return try gradient { try lesson.loss(of: objective, reads: [.logProbs: try $0.reshape([3, 1])]) }
        }
        let q = try Tensor(reference, shape: [3])
        #expect(areClose(try estimated(.k1), [0, 0, 0]))
        #expect(areClose(try estimated(.k2), try gradient { try ($0.exp() * ($0 - q.log())).sum() }))
        #expect(areClose(try estimated(.k3), try gradient { try (q * (q.log() - $0)).sum() }))
    }
}
