extension NumberReader {
    /// Signs of currencies, which may stand before or behind a number.
    static let currencies: Set<Unicode.Scalar> = ["$", "€", "£", "¥", "₹", "¢"]

    /// Units that may touch a number without a space.
    static let gluedUnits: Set<String> = [
        "mm", "cm", "dm", "m", "km", "in", "ft", "yd", "mi", "mg", "g", "kg", "t", "oz", "lb", "lbs", "ml", "cl", "s", "sec",
        "secs", "min", "mins", "h", "hr", "hrs", "kmh", "mph", "kph", "am", "pm", "st", "nd", "rd", "th", "c", "w", "kw", "kwh",
        "usd", "eur", "gbp", "gb", "mb", "kb", "cc", "cal", "kcal",
    ]

    /// Words that take an answer back or offer another one.
    static let denials: Set<String> = [
        "not", "never", "no", "nor", "neither", "either", "or", "maybe", "perhaps", "possibly", "unsure", "unknown", "impossible",
        "wrong", "incorrect", "false", "guess", "cannot", "except", "unless", "versus", "vs",
    ]

    /// Words before a number that leave open which number is meant.
    static let vague: Set<String> = [
        "about", "around", "approximately", "approx", "roughly", "nearly", "almost", "than", "least", "most", "over", "under",
        "above", "below", "between", "circa", "assume", "assuming", "suppose", "supposing", "say", "excluding", "besides",
    ]

    /// Groups of words before a number that leave open which number is meant, or say that it is another one.
    static let vagueEndings: [[String]] = [
        ["up", "to"], ["instead", "of"], ["anything", "but"], ["everything", "but"], ["all", "but"], ["close", "to"], ["next", "to"],
    ]

    /// Words by which a text says that it does not know.
    static let hedges: Set<String> = [
        "probably", "presumably", "supposedly", "hopefully", "likely", "unlikely", "nope", "nah", "ish", "ballpark", "etc",
    ]

    /// Words that give the number behind them as a place in a list.
    static let labels: Set<String> = [
        "step", "steps", "figure", "chapter", "version", "question", "problem", "exercise", "section", "example", "equation", "table",
        "footnote", "theorem", "lemma",
    ]

    /// Words that leave something to calculate.
    static let operations: Set<String> = [
        "half", "twice", "double", "triple", "thrice", "quadruple", "third", "quarter", "square", "squared", "cube", "cubed",
        "root", "factorial", "plus", "divided", "multiplied", "choose", "mod", "modulo", "point", "halves", "thirds", "quarters",
        "sqrt", "log", "ln", "sin", "cos", "tan", "exp", "pi", "e", "doubled", "tripled", "halved", "quadrupled", "opposite",
        "reciprocal", "inverse", "negation",
    ]

    /// Words that calculate with a number in words behind them.
    static let calculations: Set<String> = ["plus", "minus", "times", "less", "than", "and", "by"]

    /// Parts and multiples in words.
    static let spelledShares: Set<String> = [
        "half", "halves", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths", "sixth", "sixths", "eighth",
        "eighths", "tenth", "tenths", "hundredth", "hundredths", "dozen", "ten", "hundred", "thousand", "million",
    ]

    /// Words for percent.
    static let percents: Set<String> = ["percent", "percentage", "pct"]

    /// Words whose meaning as a factor is open.
    static let ambiguousScales: Set<String> = [
        "dozen", "dozens", "score", "scores", "k", "minus", "tens", "tenths", "hundredths", "gross", "lakh", "lakhs", "crore", "crores",
        "mn", "mln", "mil", "mio", "bn", "bln", "tn", "quadrillion", "quintillion", "permille", "ppm", "ppb", "bp", "bps", "basis", "hex",
        "hexadecimal", "octal", "binary",
    ]

    /// Words that multiply the number before them.
    static let scales: [String: Rational] = [
        "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000,
    ]

    /// Words between the result of a calculation and a number that says when, for how many, or of what.
    static let links: Set<String> = ["in", "for", "of", "after", "before", "per", "every", "the", "on", "at", "from", "with", "by", "each", "within", "during", "all"]

    /// Numbers in words, which make a second number beside a written one.
    static let spelledNumbers: Set<String> = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
        "eighty", "ninety",
    ]
}
