import HoneReport
import Testing

@Suite("The record of claims")
struct ClaimsDocumentTests {
    private func entry(_ id: String, _ verdict: String = "**holds**", size: String = "quick", date: String = "2026-01-02") -> ClaimsDocument.Entry {
        ClaimsDocument.Entry(id: id, cells: [verdict, size, "3", "1 T", "2.0 min", "1.0", "abc", "a machine, 2 cores", date], details: "It says.\n\n| check | effect |\n|---|---|\n| one | +1 |")
    }

    @Test("What is written is read again, in the order asked for, with those that were not checked")
    func roundTrip() {
        var document = ClaimsDocument()
        document.take(entry("b"))
        document.take(entry("a", "**fails**"))
        let text = document.text(heading: "# Claims\n\nWords.", order: ["b", "c", "a"])
        #expect(
            text == """
                # Claims

                Words.

                | claim | verdict | size | seeds | operations | time | release | commit | machine | date |
                |---|---|---|---|---|---|---|---|---|---|
                | [b](#b) | **holds** | quick | 3 | 1 T | 2.0 min | 1.0 | abc | a machine, 2 cores | 2026-01-02 |
                | c | not checked yet |  |  |  |  |  |  |  |  |
                | [a](#a) | **fails** | quick | 3 | 1 T | 2.0 min | 1.0 | abc | a machine, 2 cores | 2026-01-02 |

                ## b

                It says.

                | check | effect |
                |---|---|
                | one | +1 |

                ## a

                It says.

                | check | effect |
                |---|---|
                | one | +1 |

                """)
        #expect(ClaimsDocument(reading: text) == document)
    }

    @Test("What a record says of claims that nobody asked for is kept, by name behind the others")
    func nothingIsLost() {
        var document = ClaimsDocument(reading: "# Claims\n\n| claim | verdict |\n|---|---|\n| [z](#z) | **holds** |\n\n## z\n\nof another day\n")
        document.take(entry("a"))
        let text = document.text(heading: "# Claims", order: ["a"])
        #expect(text.contains("| [z](#z) | **holds** |") && text.hasSuffix("## z\n\nof another day\n"))
    }

    @Test("A check at the full size is not replaced by a quick one, nor a newer one by an older; the same day's is")
    func precedence() {
        var document = ClaimsDocument()
        document.take(entry("a", size: "full", date: "2026-01-01"))
        document.take(entry("a", "**fails**", size: "quick", date: "2026-01-05"))
        #expect(document.entries["a"]?.size == "full")
        document.take(entry("a", "**fails**", size: "full", date: "2025-12-31"))
        #expect(document.entries["a"]?.cells[0] == "**holds**")
        document.take(entry("a", "**fails**", size: "full", date: "2026-01-01"))
        #expect(document.entries["a"]?.cells[0] == "**fails**")
        document.take(entry("b"))
        document.take(entry("b", "**fails**", size: "full", date: "2025-01-01"))
        #expect(document.entries["b"]?.size == "full")
    }
}
