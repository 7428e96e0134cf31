"""More reference values for byte-level BPE, from the Python library `tokenizers` (0.23.3): training on many small
corpora, templates around texts, whole words first, and bytes that are not UTF-8.

    python Tests/References/text_bpe_extra.py    # writes text_bpe_extra.json beside this file
"""
import json, os, random
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers, processors

HERE = os.path.dirname(os.path.abspath(__file__))


def blank():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def trained(corpus, size, minimum, specials=("<pad>", "<end>")):
    tokenizer = blank()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, min_frequency=minimum, special_tokens=list(specials),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def corpora():
    """Small corpora with many ties and repeated letters, where the order of merges is easy to get wrong."""
    rng = random.Random(21)
    rows = []
    for index in range(48):
        letters = ["ab", "abc", "a", "xyz\u00e9", "ab \n", "12 +="][index % 6]
        corpus = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 24))) for _ in range(rng.randint(1, 12))]
        size, minimum = 258 + rng.randint(0, 30), rng.choice([1, 2, 2, 3])
        merges = json.loads(trained(corpus, size, minimum).to_str())["model"]["merges"]
        rows.append({"corpus": corpus, "size": size, "minimum": minimum, "merges": merges})
    return rows


def templates():
    specials = ["<pad>", "<end>", "<s>", "[CLS]", "[SEP]"]
    base = trained([], 300, 1, specials)
    kinds = {
        "before": processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 2)]),
        "around": processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 3), ("[SEP]", 4)]),
        "bert": processors.BertProcessing(("[SEP]", 4), ("[CLS]", 3)),
        "roberta": processors.RobertaProcessing(("<end>", 1), ("<s>", 2), trim_offsets=False),
        "bytes": processors.ByteLevel(trim_offsets=False),
        "sequence": processors.Sequence([
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 2)])]),
    }
    rows = {}
    for name, processor in kinds.items():
        base.post_processor = processor
        pairs = [("ab", "c"), ("", ""), ("one two", "\u00e9")]
        rows[name] = {
            "tokenizer": base.to_str(),
            "single": [{"text": a, "ids": base.encode(a).ids, "offsets": [list(o) for o in base.encode(a).offsets]} for a, _ in pairs],
            "pair": [{"first": a, "second": b, "ids": base.encode(a, b).ids} for a, b in pairs],
        }
    return rows


def whole_words():
    """A word of the vocabulary that no merges lead to."""
    file = json.loads(trained(["ab ab abc abc"], 262, 1).to_str())
    file["model"]["vocab"]["\u0120xyz"] = 262
    file["model"]["ignore_merges"] = True
    tokenizer = Tokenizer.from_str(json.dumps(file))
    texts = ["a xyz", "a xyzw", " xyz xyz", "abc xyz ab", "xyz"]
    return {"tokenizer": json.dumps(file), "cases": [{"text": t, "ids": tokenizer.encode(t).ids} for t in texts]}


def broken_bytes():
    rng = random.Random(4)
    lead = [0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0x41, 0x20]
    rows = [[rng.choice(lead) for _ in range(rng.randint(1, 7))] for _ in range(250)]
    return [{"bytes": row, "text": bytes(row).decode("utf-8", errors="replace")} for row in rows]


with open(os.path.join(HERE, "text_bpe_extra.json"), "w") as file:
    json.dump({"corpora": corpora(), "templates": templates(), "whole": whole_words(), "bytes": broken_bytes()}, file,
              ensure_ascii=True, separators=(",", ":"))
