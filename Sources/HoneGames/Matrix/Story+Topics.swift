extension Story {
    /// All stories, in the order of their names.
    public static let all: [Story] = [
        Story(
            "bridge", "Two builders each make one half of a bridge, and the order for planks leaves at noon.", ["carpenter", "mason"],
            [("oak", "orders oak"), ("pine", "orders pine"), ("granite", "orders granite"), ("brick", "orders brick")], "days of rest"),
        Story(
            "choir", "A choir and a band prepare for one evening in the same small hall, each in its own cellar.", ["conductor", "drummer"],
            [("hymn", "rehearses the hymn"), ("round", "rehearses the round"), ("march", "rehearses the march"), ("waltz", "rehearses the waltz")],
            "encores"),
        Story(
            "ferry", "Two boats leave opposite shores in fog, and two channels lead across.", ["captain", "pilot"],
            [("north", "takes the north channel"), ("south", "takes the south channel"), ("east", "takes the east channel"), ("west", "takes the west channel")],
            "barrels of oil saved"),
        Story(
            "garden", "Two neighbours share one well in a dry summer and water when the other is asleep or out.", ["gardener", "beekeeper"],
            [("morning", "waters in the morning"), ("evening", "waters in the evening"), ("flowers", "waters the flowers"), ("herbs", "waters the herbs")],
            "baskets of fruit"),
        Story(
            "harbour", "Fog keeps a harbour shut until night, when two fishing crews set out without a word.", ["skipper", "netmaker"],
            [("deep", "fishes in deep water"), ("shore", "fishes near the shore"), ("nets", "packs nets"), ("lines", "packs lines")], "crates of fish"),
        Story(
            "kitchen", "Two cooks share one oven for a wedding and have sent their lists to the market already.", ["chef", "baker"],
            [("soup", "makes soup"), ("roast", "makes a roast"), ("bread", "bakes bread"), ("cake", "bakes a cake")], "happy tables"),
        Story(
            "library", "A library closes for a week, and two helpers get keys to different floors.", ["librarian", "student"],
            [("sort", "sorts the shelves"), ("copy", "copies old maps"), ("paint", "paints the doors"), ("repair", "repairs the lamps")], "free afternoons"),
        Story(
            "market", "Two stalls stand at the two ends of a market, and each has room for one kind of goods.", ["potter", "weaver"],
            [("bowls", "brings bowls"), ("jugs", "brings jugs"), ("scarves", "brings scarves"), ("rugs", "brings rugs")], "gold coins"),
        Story(
            "mountain", "Two climbers go up one mountain from two valleys and hope for good snow.", ["guide", "painter"],
            [("ridge", "climbs the ridge"), ("gully", "climbs the gully"), ("dawn", "sets out at dawn"), ("dusk", "sets out at dusk")], "clear views"),
        Story(
            "newspaper", "Two papers of one town print tonight, each with room for one large story.", ["editor", "publisher"],
            [("storm", "prints the storm"), ("election", "prints the election"), ("circus", "prints the circus"), ("football", "prints the football")],
            "thousand readers"),
        Story(
            "observatory", "One telescope stands between two teams, who hand in their wishes in sealed letters.", ["astronomer", "engineer"],
            [("comet", "asks for the comet"), ("nebula", "asks for the nebula"), ("mirror", "cleans the mirror"), ("motor", "oils the motor")], "clear nights"),
        Story(
            "rescue", "A hiker is lost, and two search parties start from different huts with no radio.", ["ranger", "doctor"],
            [("forest", "searches the forest"), ("river", "searches along the river"), ("dog", "takes a dog"), ("sledge", "takes a sledge")], "points of praise"),
        Story(
            "school", "Two teachers plan the same school day and give their plans to the printer at the same hour.", ["teacher", "coach"],
            [("quiz", "plans a quiz"), ("play", "plans a play"), ("race", "plans a race"), ("swim", "plans a swim")], "good marks"),
        Story(
            "station", "Two trains wait on a single track far from each other, and the telegraph is broken.", ["driver", "signaller"],
            [("go", "goes ahead"), ("hold", "holds still"), ("green", "shows green"), ("red", "shows red")], "minutes won"),
        Story(
            "theatre", "One stage, two troupes, and one truck that leaves for costumes tonight.", ["actor", "juggler"],
            [("comedy", "packs for a comedy"), ("tragedy", "packs for a tragedy"), ("torches", "packs torches"), ("hoops", "packs hoops")], "rounds of applause"),
    ]
}
