// swift-tools-version: 6.1
// One package, one target per layer; imports point downwards only (docs/architecture.md).
// The manifest never looks at files: SwiftPM caches what it evaluates by content and environment, so a test for
// libtorch's presence here would go stale. Sources/CTorch says in one sentence what to do when it is missing.
import PackageDescription

let libtorch = Context.environment["HONE_LIBTORCH"] ?? "\(Context.packageDirectory)/.libtorch"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-warnings-as-errors"]),
]

/// A Swift target of the layer list, with its dependencies inside and outside the package.
func layer(_ name: String, _ inside: [String] = [], _ outside: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: inside.map { .byName(name: $0) } + outside, swiftSettings: strict)
}

/// The tests of one layer. Fixtures are read where they lie, so they are no resources. Tests are compiled without the optimiser, which takes a
/// third of the time; what they test is optimised.
func tests(_ name: String, _ inside: [String], _ outside: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: inside.map { .byName(name: $0) } + outside, exclude: fixtures[name] ?? [],
        swiftSettings: strict + [.unsafeFlags(["-Onone"])])
}

/// Folders of fixtures beside the tests.
let fixtures: [String: [String]] = [
    "HoneCore": ["Fixtures"], "HoneTensor": ["Fixtures"], "HoneNumerics": ["Fixtures"], "HoneObjectives": ["Fixtures"], "HoneModel": ["Fixtures"],
    "HoneStore": ["Fixtures"], "HoneCredit": ["Fixtures"], "HoneGames": ["Fixtures"],
]

let package = Package(
    name: "hone",
    products: [
        .executable(name: "hone", targets: ["hone"]),
        .library(name: "HoneCore", targets: ["HoneCore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        // Only what plain HTTP needs: no product of these brings TLS or cryptography into the build.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    ],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags([
                    "-O3", "-std=c++20", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wno-unknown-pragmas",
                    "-isystem", "\(libtorch)/include",
                    "-isystem", "\(libtorch)/include/torch/csrc/api/include",
                ])
            ],
            linkerSettings: [
                .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("m"),
                .unsafeFlags([
                    "-L\(libtorch)/lib", "-l:libgomp.so.1",
                    "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib",
                    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../.libtorch/lib",
                ]),
            ]),
        layer("HoneCore"),
        layer("HoneNumerics", ["HoneCore"]),
        layer("HoneTensor", ["CTorch"]),
        layer("HoneText", ["HoneCore"], [.product(name: "BigInt", package: "BigInt")]),
        layer("HoneModel", ["CTorch", "HoneCore", "HoneTensor", "HoneText"]),
        layer("HoneEndpoint", ["HoneCore"]),
        layer(
            "HoneServer", ["HoneCore", "HoneText"],
            [
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
            ]),
        layer("HoneWorlds", ["HoneCore", "HoneText", "HoneSandbox"]),
        layer("HoneGames", ["HoneCore", "HoneNumerics"]),
        layer("HoneJudges", ["HoneCore", "HoneText"]),
        layer("HoneSandbox", ["HoneCore"]),
        layer("HoneCredit", ["HoneCore", "HoneNumerics"]),
        layer("HoneObjectives", ["HoneCore", "HoneNumerics", "HoneTensor", "HoneModel"]),
        layer("HoneCurricula", ["HoneCore", "HoneNumerics"]),
        layer("HoneSocieties", ["HoneCore", "HoneText"]),
        layer("HoneSearch", ["HoneCore", "HoneNumerics"]),
        layer("HoneMemory", ["HoneCore"]),
        layer("HoneEvaluation", ["HoneCore", "HoneNumerics"]),
        layer(
            "HoneEngine",
            [
                "HoneCore", "HoneNumerics", "HoneTensor", "HoneText", "HoneModel", "HoneEndpoint", "HoneWorlds", "HoneJudges", "HoneCredit",
                "HoneObjectives", "HoneCurricula", "HoneSocieties", "HoneMemory", "HoneEvaluation",
            ]),
        layer(
            "HoneRecipes",
            [
                "HoneCore", "HoneNumerics", "HoneText", "HoneEndpoint", "HoneWorlds", "HoneGames", "HoneJudges", "HoneCredit", "HoneObjectives",
                "HoneCurricula", "HoneSocieties", "HoneSearch", "HoneMemory", "HoneEvaluation", "HoneEngine",
            ]),
        layer("HoneStore", ["HoneCore"], [.product(name: "GRDB", package: "GRDB.swift")]),
        layer("HoneReport", ["HoneCore"]),
        layer("HoneComparison", ["HoneCore", "HoneNumerics", "HoneEngine", "HoneRecipes", "HoneStore"]),
        .executableTarget(
            name: "hone",
            dependencies: [
                "HoneCore", "HoneTensor", "HoneText", "HoneModel", "HoneEndpoint", "HoneServer", "HoneGames", "HoneWorlds", "HoneJudges", "HoneCredit", "HoneObjectives",
                "HoneSandbox", "HoneEvaluation", "HoneEngine", "HoneRecipes", "HoneStore", "HoneReport", "HoneNumerics", "HoneComparison",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        layer("HoneTestSupport", ["HoneCore", "HoneTensor", "HoneText", "HoneModel", "HoneWorlds", "HoneEngine"]),
        tests("CTorch", ["CTorch"]),
        tests("HoneCore", ["HoneCore"]),
        tests("HoneNumerics", ["HoneCore", "HoneNumerics"]),
        tests("HoneTensor", ["HoneTensor"]),
        tests("HoneText", ["HoneCore", "HoneText"], [.product(name: "BigInt", package: "BigInt")]),
        tests("HoneModel", ["HoneCore", "HoneTensor", "HoneText", "HoneModel", "HoneCredit", "HoneObjectives"]),
        tests("HoneEndpoint", ["HoneCore", "HoneEndpoint"]),
        tests("HoneServer", ["HoneCore", "HoneText", "HoneEndpoint", "HoneServer"]),
        tests("HoneWorlds", ["HoneCore", "HoneText", "HoneGames", "HoneSandbox", "HoneWorlds", "HoneTestSupport"]),
        tests("HoneGames", ["HoneCore", "HoneNumerics", "HoneGames", "HoneTestSupport"]),
        tests("HoneCredit", ["HoneCore", "HoneNumerics", "HoneCredit", "HoneTestSupport"]),
        tests("HoneObjectives", ["HoneCore", "HoneTensor", "HoneModel", "HoneObjectives", "HoneTestSupport"]),
        tests("HoneEvaluation", ["HoneCore", "HoneNumerics", "HoneEvaluation", "HoneTestSupport"]),
        tests(
            "HoneEngine",
            [
                "HoneCore", "HoneModel", "HoneEndpoint", "HoneWorlds", "HoneJudges", "HoneCredit", "HoneObjectives", "HoneCurricula",
                "HoneSocieties", "HoneEvaluation", "HoneEngine", "HoneTestSupport",
            ]),
        tests(
            "HoneRecipes",
            [
                "HoneCore", "HoneText", "HoneModel", "HoneWorlds", "HoneGames", "HoneObjectives", "HoneCurricula", "HoneSocieties", "HoneEvaluation", "HoneEngine", "HoneRecipes",
                "HoneTestSupport",
            ]),
        tests("HoneJudges", ["HoneCore", "HoneText", "HoneWorlds", "HoneJudges", "HoneTestSupport"]),
        tests("HoneSandbox", ["HoneCore", "HoneSandbox"]),
        tests("HoneCurricula", ["HoneCore", "HoneCurricula", "HoneTestSupport"]),
        tests("HoneSocieties", ["HoneCore", "HoneText", "HoneSocieties", "HoneTestSupport"]),
        tests("HoneSearch", ["HoneCore", "HoneText", "HoneWorlds", "HoneGames", "HoneJudges", "HoneSocieties", "HoneSearch", "HoneTestSupport"]),
        tests("HoneMemory", ["HoneCore", "HoneMemory", "HoneTestSupport"]),
        tests("HoneStore", ["HoneCore", "HoneStore"]),
        tests(
            "HoneComparison",
            [
                "HoneCore", "HoneNumerics", "HoneModel", "HoneEngine", "HoneRecipes", "HoneStore", "HoneComparison", "HoneTestSupport",
            ]),
        tests("HoneReport", ["HoneCore", "HoneStore", "HoneReport"], [.product(name: "GRDB", package: "GRDB.swift")]),
        tests("Layering", []),
    ],
    cxxLanguageStandard: .cxx20
)
