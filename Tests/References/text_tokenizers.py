"""Reference values for the tokenizers, from the Python library `tokenizers` (0.23.3).

    python Tests/References/text_tokenizers.py            # writes the fixtures beside this file
    python Tests/References/text_tokenizers.py check DIR  # loads DIR/*.json, written by Hone, and compares with the fixtures
"""
import json, os, random, string, sys, unicodedata
from tokenizers import Tokenizer, AddedToken, models, pre_tokenizers, decoders, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
NANO = "\n 0123456789abcdefghijklmnopqrstuvwxyz" + "+-*/=()<>.,:;?!'\"%$#&@|_"

FIXED = [
    "", " ", "  ", "\n", "\r\n", "a\r\nb\r\n\r\nc", "tab\tand\u00a0space\u2003wide", "Hello world", "  leading and trailing  ",
    "it's we're I'll they've I'm you'd don't 's 'S x's", "'re 've'll 'd", "caf\u00e9 cafe\u0301 \u212b \u00c5 A\u030a", "\u1e69 s\u0323\u0307",
    "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 family \U0001F44D\U0001F3FD ok", "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u6771\u4eac\u30bf\u30ef\u30fc", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab \u3131", "\u0645\u0631\u062d\u0628\u0627 \u0661\u0662\u0663", "1234567890 1,234.50 3/4 \u00bd \u2167 \u00b2",
    "x=1+2*(3-4)/5", "<end>", "a<end>b", "<pad><end><end>", "<en<end>d>", "<end", "int main() { return 0; }", "\u0000\u0001\u007f\u0085\u2028\u2029",
    "word " * 20, "a" * 100, " " * 33, "\n" * 9 + "x", "ab" * 70, "\ufffd\ufeff", "\u180e\u200b\u200c\u3000x", "\u00a0\u00a0x", "48/2=24",
]


def corpus():
    rng = random.Random(7)
    words = ["the", "of", "apples", "she", "has", "more", "than", "total", "answer", "is", "hello", "world", "it's", "don't", "Tom", "caf\u00e9"]
    stems = ["".join(rng.choice("bcdfghklmnprst") + rng.choice("aeiou") for _ in range(rng.randint(1, 3))) for _ in range(120)]
    lines = []
    for index in range(400):
        line = " ".join(rng.choice(words + stems) for _ in range(rng.randint(3, 12)))
        a, b = rng.randint(1, 99), rng.randint(1, 99)
        lines.append(f"{line}. {a} + {b} = {a + b}\n")
    lines += ["\u4f60\u597d\u4e16\u754c \u6771\u4eac", "\u0928\u092e\u0938\u094d\u0924\u0947", "\ud55c\uad6d\uc5b4", "\U0001F44D\U0001F44D ok", "\r\n\r\n  x\r\n"] * 4
    return lines


def fuzzed(count, seed=11):
    rng = random.Random(seed)
    ranges = [(0x20, 0x7E)] * 6 + [(0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0xDFF), (0x1100, 0x11FF),
              (0x2000, 0x206F), (0x2070, 0x218F), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF), (0x1F300, 0x1F64F), (0x9, 0xD)]
    special = ["\r\n", "<end>", "<pad>", "'s", "'ll", "'re", "\u200d", "e\u0301", "  ", " the", "\n\n", "12", "\u00bd", "<|tool|>"]
    out = []
    while len(out) < count:
        text = ""
        for _ in range(rng.randint(1, 16)):
            if rng.random() < 0.25:
                text += rng.choice(special)
                continue
            low, high = rng.choice(ranges)
            char = chr(rng.randint(low, high))
            # Characters newer than Python's tables may be classified by a newer Unicode version elsewhere.
            if unicodedata.category(char) not in ("Cn", "Cs", "Co"):
                text += char
        out.append(text)
    return out


def trained():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600, min_frequency=2, special_tokens=["<pad>", "<end>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def encoded(tokenizer, texts, offsets=False):
    rows = []
    for text in texts:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        row = {"text": text, "ids": encoding.ids, "decoded": tokenizer.decode(encoding.ids, skip_special_tokens=True)}
        if row["decoded"] == text:
            del row["decoded"]
        if offsets:
            row["offsets"] = [list(pair) for pair in encoding.offsets]
        rows.append(row)
    return rows


def save(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))


def variants(tokenizer):
    """The trained tokenizer with other settings: what is read back must behave the same."""
    base = json.loads(tokenizer.to_str())
    prefix = json.loads(json.dumps(base))
    prefix["pre_tokenizer"]["add_prefix_space"] = True
    prefix["model"]["merges"] = [" ".join(pair) for pair in prefix["model"]["merges"]]
    whole = json.loads(json.dumps(base))
    whole["pre_tokenizer"]["use_regex"] = False
    whole["model"]["ignore_merges"] = True
    added = Tokenizer.from_str(json.dumps(base))
    added.add_tokens([AddedToken("<|tool|>", special=False, normalized=False), AddedToken("<|tool|>x", special=True),
                      AddedToken("tom", single_word=True, normalized=False), AddedToken("<l>", lstrip=True, special=True),
                      AddedToken("<r>", rstrip=True, special=True)])
    return {"prefix": prefix, "whole": whole, "added": json.loads(added.to_str())}


def random_ids(size, count, seed=5):
    rng = random.Random(seed)
    return [[rng.randrange(size) for _ in range(rng.randint(1, 12))] for _ in range(count)]


def nano_texts():
    rng = random.Random(3)
    return ["", "48/2=24", "what is 3+4?\n7<end>", "<pad>a<end>"] + ["".join(rng.choice(NANO) for _ in range(rng.randint(1, 30))) for _ in range(60)]


def write():
    tokenizer = trained()
    file = json.loads(tokenizer.to_str())
    texts = FIXED + fuzzed(2000)
    decodings = [{"ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=True)} for ids in random_ids(600, 150)]
    save("text_bpe_cases.json", {"corpus": corpus(), "tokenizer": json.dumps(file), "decodings": decodings,
                                 "cases": encoded(tokenizer, texts[:250], offsets=True) + encoded(tokenizer, texts[250:])})
    extra = ["tom tomtom tom. (tom) \u00e9tom", "a  <l>  b", "a  <r>  b", "<|tool|>x<|tool|> y", " <r><l> ", "<l>tom<r> \n tom"]
    rows = {}
    for name, content in variants(tokenizer).items():
        other = Tokenizer.from_str(json.dumps(content))
        rows[name] = {"tokenizer": json.dumps(content), "cases": encoded(other, FIXED + extra + fuzzed(60, seed=13), offsets=True)}
    save("text_bpe_variants.json", rows)


def check(folder):
    tokenizer = trained()
    written = Tokenizer.from_file(os.path.join(folder, "bpe.json"))
    texts = FIXED + fuzzed(2000)
    assert written.get_vocab() == tokenizer.get_vocab()
    assert encoded(written, texts, offsets=True) == encoded(tokenizer, texts, offsets=True)
    nano = Tokenizer.from_file(os.path.join(folder, "nano.json"))
    ids = {char: index + 2 for index, char in enumerate(NANO)}
    for text in nano_texts():
        expected, rest = [], text
        while rest:
            special = next((name for name in ("<pad>", "<end>") if rest.startswith(name)), None)
            expected.append({"<pad>": 0, "<end>": 1}[special] if special else ids[rest[0]])
            rest = rest[len(special or rest[0]):]
        encoding = nano.encode(text)
        assert encoding.ids == expected, (text, encoding.ids, expected)
        assert nano.decode(encoding.ids, skip_special_tokens=False) == text
    print("both files load and agree on", len(texts), "and", len(nano_texts()), "texts")


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["check"] else write()
