"""Writes Sources/HoneText/ScalarClasses+Data.swift: which scalars the Python library `tokenizers` (0.23.3, Oniguruma) takes
for letters, numbers and marks when it splits text. White space is the property White_Space and needs no table.

    python Tests/References/text_unicode_classes.py
"""
import os
from tokenizers import pre_tokenizers, Regex

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "..", "Sources", "HoneText", "ScalarClasses+Data.swift")


def ranges(pattern):
    """The ranges of scalars that a pattern takes, as pairs of first and last."""
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    found = []
    for low in range(0, 0x110000, 64):
        block = [code for code in range(low, low + 64) if not 0xD800 <= code < 0xE000]
        if not block:
            continue
        kept = set("".join(piece for piece, _ in split.pre_tokenize_str("".join(map(chr, block)))))
        for code in block:
            if chr(code) not in kept:
                if found and found[-1][1] == code - 1:
                    found[-1][1] = code
                else:
                    found.append([code, code])
    return found


def text(found):
    """Gaps and lengths in base 36, a gap and a length for each range; a length of one is left out."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"

    def spelled(number):
        out = ""
        while True:
            out = digits[number % 36] + out
            number //= 36
            if not number:
                return out

    parts, last = [], 0
    for low, high in found:
        parts.append(spelled(low - last) + ("" if high == low else "." + spelled(high - low + 1)))
        last = high + 1
    return ",".join(parts)


def main():
    lines = [
        "/// The tables of `ScalarClasses`, written by `Tests/References/text_unicode_classes.py`: for each range the gap behind the range",
        "/// before it and, behind a point, its length, in base 36.",
        "enum ScalarClassData {",
    ]
    for name, what, pattern in [("letters", "General category L.", r"\p{L}"), ("numbers", "General category N.", r"\p{N}"),
                                ("marks", "General category M.", r"\p{M}")]:
        data = text(ranges(pattern))
        lines += [f"    /// {what}", f'    static let {name} = """']
        while data:
            cut = len(data) if len(data) <= 120 else data.rindex(",", 0, 120) + 1
            lines.append("        " + data[:cut] + ("\\" if cut < len(data) else ""))
            data = data[cut:]
        lines += ['        """']
    lines += ["}", ""]
    with open(TARGET, "w") as file:
        file.write("\n".join(lines))


main()
