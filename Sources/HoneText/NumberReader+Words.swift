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
        "above", "below", "between", "circa",
    ]

    /// Words that leave something to calculate.
    static let operations: Set<String> = [
        "half", "twice", "double", "triple", "thrice", "quadruple", "third", "quarter", "square", "squared", "cube", "cubed",
        "root", "factorial", "plus", "divided", "multiplied", "choose", "mod", "modulo", "point", "halves", "thirds", "quarters",
        "sqrt", "log", "ln", "sin", "cos", "tan", "exp", "pi", "e",
    ]

    /// Words whose meaning as a factor is open.
    static let ambiguousScales: Set<String> = ["dozen", "dozens", "score", "scores", "k", "minus", "tens", "tenths", "hundredths"]

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
