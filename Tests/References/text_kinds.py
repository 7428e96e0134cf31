"""Tokenizers of the kinds that models in use have, made tiny with the Python library `tokenizers` (0.23.3), and what that library
makes of many texts with them.

    python Tests/References/text_kinds.py                     # writes text_kinds/*.json beside this file
    python Tests/References/text_kinds.py dump DIR COUNT SEED  # DIR/<kind>.json and DIR/<kind>.lines: fuzzed texts for a long check
"""
import hashlib, json, os, random, sys, unicodedata
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "text_kinds")

QWEN = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
LLAMA3 = QWEN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
MARKS = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
TIKTOKEN = r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"""
WIDE = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])

FIXED = [
    "", " ", "  ", "\n", "\r\n", "a\r\nb\r\n\r\nc", " \r\n \n x", "x \n\n  y\n", "tab\tand\u00a0space\u2003wide", "Hello world", "  leading and trailing  ",
    "it's we're I'll they've I'm you'd don't IT'S WE'LL 'S x'\u017f", "caf\u00e9 cafe\u0301 \u212b \u00c5 A\u030a", "\u1e69 s\u0323\u0307 s\u0307\u0323 q\u0307\u0323",
    "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 family \U0001F44D\U0001F3FD ok", "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u6771\u4eac\u30bf\u30ef\u30fc", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e \u0958\u0915\u093c",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab\u1100\u116e\u11a8 \u3131", "\u0645\u0631\u062d\u0628\u0627 \u0661\u0662\u0663", "1234567890 1,234.50 3/4 \u00bd \u2167 \u00b2 12345",
    "x=1+2*(3-4)/5", "<s>", "a<s>b</s>", "</s></s>", "<<s>s>", "<s", "<tool>x</tool>", "a <tool> b", "  <pad>  x <pad>\n\ny", "tom tomtom tom. (tom) \u00e9tom tom\u0301",
    "int main() { return 0; }\n\n\n", "\u0000\u0001\u007f\u0085\u2028\u2029", "word " * 20, "a" * 100, " " * 33, "\n" * 9 + "x", "ab" * 70, "\ufffd\ufeff",
    "\u180e\u200b\u200c\u3000x", "\u00a0\u00a0x", "\u2581x \u2581 \u2581\u2581", "<0x41><0x0A>", "a\u0300\u0301\u0323b \u0344 \u0f73\u0f71", "\u2126\u212a \ufb01 \u2460", "...a !?b \"c\" (d) e-f",
    "\u0cca\u0cd5 \u0cc6\u0cc2\u0cd5 \uac00\u11a8\u11a8", "  \t x\t\ty", "\u0939\u093f\u0928\u094d\u0926\u0940", "don\u2019t", "hello  world   again    end     ", "The THE tHe 3D 4x4 A1B2", "https://a.b/c?d=e&f#g\n",
]


def corpus():
    rng = random.Random(7)
    words = ["the", "of", "apples", "she", "has", "more", "than", "total", "answer", "is", "hello", "world", "it's", "don't", "Tom", "caf\u00e9", "THE"]
    stems = ["".join(rng.choice("bcdfghklmnprst") + rng.choice("aeiou") for _ in range(rng.randint(1, 3))) for _ in range(60)]
    lines = []
    for _ in range(300):
        line = " ".join(rng.choice(words + stems) for _ in range(rng.randint(3, 12)))
        a, b = rng.randint(1, 999), rng.randint(1, 999)
        lines.append(f"{line}. {a} + {b} = {a + b}\n")
    lines += ["\u4f60\u597d\u4e16\u754c \u6771\u4eac", "\u0928\u092e\u0938\u094d\u0924\u0947", "\ud55c\uad6d\uc5b4", "\U0001F44D\U0001F44D ok", "\r\n\r\n  x\r\n", "    y\n\n"] * 6
    return lines


def fuzzed(count, seed):
    rng = random.Random(seed)
    ranges = [(0x20, 0x7E)] * 6 + [(0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0xDFF), (0x1100, 0x11FF), (0x1E00, 0x1FFF),
              (0x2000, 0x206F), (0x2070, 0x218F), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF), (0xF900, 0xFB4F), (0x1F300, 0x1F64F), (0x9, 0xD)]
    special = ["\r\n", "<s>", "</s>", "<pad>", "<tool>", "tom", "'s", "'LL", "'re", "\u200d", "e\u0301", "  ", " the", "\n\n", "12", "345", "\u00bd", "\u2581", " \n", "\u1100\u1161", "\u11a8", "hello", " world"]
    out = []
    while len(out) < count:
        text = ""
        for _ in range(rng.randint(1, 14)):
            if rng.random() < 0.35:
                text += rng.choice(special)
                continue
            low, high = rng.choice(ranges)
            char = chr(rng.randint(low, high))
            if unicodedata.category(char) not in ("Cn", "Cs", "Co"):
                text += char
        out.append(text)
    return out


def bytes_kind(split, size=420, normalizer=None, ignore_merges=False, post=None, prefix=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = split
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, special_tokens=["<pad>", "<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    if post:
        tokenizer.post_processor = post
    return tokenizer


def characters_kind(normalizer, pre, decoder, size=420, fuse=True, fallback=True, post=True):
    """Trained on characters without crossing words, as SentencePiece does, then given byte tokens."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=fuse, byte_fallback=fallback))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    specials = ["<unk>", "<s>", "</s>", "<pad>"] + ([f"<0x{b:02X}>" for b in range(256)] if fallback else [])
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, special_tokens=specials, limit_alphabet=60, show_progress=False))
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = [t for t in file["added_tokens"] if not t["content"].startswith("<0x")]
    file["pre_tokenizer"] = None
    tokenizer = Tokenizer.from_str(json.dumps(file))
    if pre:
        tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoder
    if post:
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tokenizer


def add(tokenizer, tokens):
    tokenizer.add_tokens(tokens)
    return tokenizer


def kinds():
    S, P = pre_tokenizers, processors
    llama3 = P.Sequence([P.ByteLevel(trim_offsets=True), P.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])])
    regex = lambda pattern: S.Sequence([S.Split(Regex(pattern), "isolated"), S.ByteLevel(add_prefix_space=False, use_regex=False)])
    tool = [AddedToken("<tool>", special=False, normalized=False), AddedToken("</tool>", special=False, normalized=True)]
    word = [AddedToken("tom", single_word=True, normalized=False), AddedToken("<l>", lstrip=True, special=True), AddedToken("<r>", rstrip=True, special=True)]
    spaces = [AddedToken(" " * n, normalized=True) for n in range(2, 6)] + [AddedToken("\n\n", normalized=False), AddedToken("Caf\u00c9", normalized=True)]
    underline = normalizers.Replace(" ", "\u2581")
    fallback = [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    made = {
        "gpt2": add(bytes_kind(S.ByteLevel(add_prefix_space=False), post=P.ByteLevel(trim_offsets=True)), tool + word),
        "gpt2-prefix": bytes_kind(S.ByteLevel(add_prefix_space=True), post=P.RobertaProcessing(("</s>", 2), ("<s>", 1))),
        "qwen2": add(bytes_kind(regex(QWEN), normalizer=normalizers.NFC(), post=P.ByteLevel(add_prefix_space=False, trim_offsets=False)), tool + word),
        "qwen-marks": bytes_kind(regex(MARKS), normalizer=normalizers.NFC()),
        "llama3": add(bytes_kind(regex(LLAMA3), ignore_merges=True, post=llama3), tool),
        "tiktoken": bytes_kind(regex(TIKTOKEN)),
        "wide": bytes_kind(regex(WIDE)),
        "smollm": add(bytes_kind(S.Sequence([S.Digits(individual_digits=True), S.ByteLevel(add_prefix_space=False)])), tool),
        "deepseek": bytes_kind(S.Sequence([
            S.Split(Regex(r"\p{N}{1,3}"), "isolated"), S.Split(Regex("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"), "isolated"),
            S.Split(Regex(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated"),
            S.ByteLevel(add_prefix_space=False, use_regex=False)])),
        "neox": add(bytes_kind(S.ByteLevel(add_prefix_space=False, trim_offsets=True), normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])), spaces),
        "splits": bytes_kind(S.Sequence([
            S.Split("the", "merged_with_next"), S.Split(Regex("[0-9]"), "contiguous"), S.Split(",", "removed"), S.Split(Regex(r"\p{L}+"), "isolated", invert=True),
            S.Split("o", "merged_with_previous"), S.ByteLevel(add_prefix_space=True, use_regex=False)]), normalizer=normalizers.NFD()),
        "llama2": add(characters_kind(normalizers.Sequence([normalizers.Prepend("\u2581"), underline]), None,
                                      decoders.Sequence(fallback + [decoders.Strip(" ", 1, 0)])), tool + word),
        "llama2-metaspace": add(characters_kind(None, S.Metaspace(prepend_scheme="first", split=False),
                                                decoders.Sequence(fallback + [decoders.Strip(" ", 1, 0)])), tool + word),
        "gemma": add(characters_kind(underline, S.Split(" ", "merged_with_previous"), decoders.Sequence(fallback), fuse=True), tool + [
            AddedToken("\n\n", normalized=False), AddedToken("\u2581\u2581", normalized=False)]),
        "unknowns": add(characters_kind(normalizers.NFKD(), S.Metaspace(prepend_scheme="always", split=True), decoders.Metaspace(), fallback=False, fuse=True), word),
        "unfused": characters_kind(normalizers.Replace(Regex(" {2,}"), "\u2581"), S.Metaspace(prepend_scheme="never", split=True),
                                   decoders.Metaspace(prepend_scheme="never"), fallback=False, fuse=False),
    }
    return made


def row(tokenizer, text):
    encoding = tokenizer.encode(text)
    plain = tokenizer.encode(text, add_special_tokens=False).ids
    return encoding.ids, [list(pair) for pair in encoding.offsets], plain, tokenizer.decode(plain, skip_special_tokens=True)


def digest(tokenizer, text):
    """Eight hexadecimal digits over ids, offsets and decoding: what a fuzzed text must give."""
    ids, offsets, _, decoded = row(tokenizer, text)
    spelled = " ".join(map(str, ids)) + "|" + " ".join(f"{a}-{b}" for a, b in offsets) + "|" + decoded
    return hashlib.sha256(spelled.encode()).hexdigest()[:8]


def random_ids(size, count, seed=5):
    rng = random.Random(seed)
    return [[rng.randrange(size) for _ in range(rng.randint(1, 12))] for _ in range(count)]


def write():
    texts = fuzzed(1500, seed=11)
    out = {"fuzzed": texts, "kinds": {}}
    for name, tokenizer in kinds().items():
        cases = []
        for text in FIXED:
            ids, offsets, _, decoded = row(tokenizer, text)
            cases.append([text, " ".join(map(str, ids)), " ".join(f"{a}-{b}" for a, b in offsets), decoded])
        decodings = [[ids, tokenizer.decode(ids, skip_special_tokens=True)] for ids in random_ids(tokenizer.get_vocab_size(), 60)]
        joined = "".join(digest(tokenizer, text) for text in texts)
        out["kinds"][name] = {"tokenizer": tokenizer.to_str(), "cases": cases, "decodings": decodings, "digests": joined}
    # A fixture a file, so that none grows past what a review can hold.
    folder = TARGET
    os.makedirs(folder, exist_ok=True)
    for name, value in out["kinds"].items():
        with open(os.path.join(folder, name + ".json"), "w") as file:
            json.dump(value, file, ensure_ascii=True, separators=(",", ":"))
    with open(os.path.join(folder, "fuzzed.json"), "w") as file:
        json.dump(texts, file, ensure_ascii=True, separators=(",", ":"))


def dump(folder, count, seed):
    os.makedirs(folder, exist_ok=True)
    texts = fuzzed(count, seed)
    for name, tokenizer in kinds().items():
        tokenizer.save(os.path.join(folder, name + ".json"))
        with open(os.path.join(folder, name + ".lines"), "w") as file:
            for text in texts:
                ids, offsets, _, decoded = row(tokenizer, text)
                print(json.dumps({"text": text, "ids": ids, "offsets": offsets, "decoded": decoded}), file=file)


if __name__ == "__main__":
    dump(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])) if sys.argv[1:2] == ["dump"] else write()
