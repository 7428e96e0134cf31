"""Reference values for Tests/HoneCoreTests: python3 Tests/References/core.py > Tests/HoneCoreTests/Fixtures/core.json

SplitMix64 and the keyed paths are written here a second time from their definitions, digests come from hashlib, cosines
from math, edit distances from a recursion over the definition.
"""
import functools
import hashlib
import json
import math
import random

MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def draws(seed, count):
    out = []
    for _ in range(count):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        out.append(str(mix(seed)))
    return out


def child(seed, label, index):
    h = mix((seed + 0x9E3779B97F4A7C15) & MASK)
    data = label.encode()
    for byte in data:
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h = mix(h ^ len(data))
    return str(mix((h + (index & MASK) * 0xD1342543DE82EF95) & MASK))


def distance(a, b):
    @functools.lru_cache(None)
    def d(i, j):
        if i == 0 or j == 0:
            return i + j
        best = min(d(i - 1, j) + 1, d(i, j - 1) + 1, d(i - 1, j - 1) + (a[i - 1] != b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, d(i - 2, j - 2) + 1)
        return best

    return d(len(a), len(b))


def cosine(start, end, over, step):
    return end + (start - end) * (1 + math.cos(math.pi * min(1, step / over))) / 2


def message(length):
    return bytes((7 * i + 3) % 256 for i in range(length))


rng = random.Random(1)
words = ["".join(rng.choice("abcé") for _ in range(rng.randrange(0, 8))) for _ in range(80)]
seeds = [0, 1, 42, 1234567, MASK, 1 << 63]
print(json.dumps({
    "draws": [{"seed": str(s), "values": draws(s, 5)} for s in seeds],
    "children": [
        {"seed": str(s), "label": l, "index": i, "value": child(s, l, i)}
        for s in seeds for l, i in [("", 0), ("sample", 0), ("sample", 1), ("turn", 123456), ("größe", -1)]
    ],
    "digests": [
        {"length": n, "digest": hashlib.sha256(message(n)).hexdigest()}
        for n in [0, 1, 3, 31, 32, 54, 55, 56, 57, 62, 63, 64, 65, 110, 118, 119, 120, 121, 127, 128, 129, 183, 184, 191, 192, 1000, 4096, 10007]
    ],
    "distances": [{"left": a, "right": b, "edits": distance(a, b)} for a, b in zip(words[::2], words[1::2])],
    "cosines": [
        {"from": a, "to": b, "over": n, "step": s, "value": cosine(a, b, n, s)}
        for a, b, n in [(1.0, 0.0, 10), (3e-4, 3e-5, 7), (-1.0, 2.0, 3)] for s in [0, 1, 2, 3, 5, 7, 9, 10, 50]
    ],
}, ensure_ascii=False, indent=0))
