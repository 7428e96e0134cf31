"""Reference values of credit from plain definitions in NumPy: sums written out, no recursions.

Run: python3 Tests/References/credit.py > Tests/HoneCreditTests/Fixtures/credit.json
"""
import json
import math
import numpy as np

rng = np.random.default_rng(20251121)


def gae(rewards, values, gamma, lam):
    """Schulman et al. 2016, equation 16, as the double sum A_t = sum_l (gamma lam)^l delta_{t+l}."""
    n = len(rewards)
    following = np.append(values[1:], 0.0)
    delta = rewards + gamma * following - values
    return [sum((gamma * lam) ** (k - t) * delta[k] for k in range(t, n)) for t in range(n)]


def cosine(length, right, limit, right_short, right_long, wrong_short, wrong_long, overflow):
    """Yeo et al. 2025: a half wave from the value at length 0 to the one at the limit, by the half-angle identity."""
    if length >= limit:
        return overflow
    short, long = (right_short, right_long) if right else (wrong_short, wrong_long)
    return short * math.cos(math.pi * length / limit / 2) ** 2 + long * math.sin(math.pi * length / limit / 2) ** 2


def overlong(length, limit, buffer):
    """Yu et al. 2025, equation 13, as a ramp that is held between -1 and 0."""
    return float(np.clip((limit - buffer - length) / buffer, -1.0, 0.0))


def kimi(lengths, right):
    lengths = np.array(lengths, float)
    if lengths.max() == lengths.min():
        return [0.0] * len(lengths)
    share = 0.5 - (lengths - lengths.min()) / (lengths.max() - lengths.min())
    return [float(s if ok else min(0.0, s)) for s, ok in zip(share, right)]


def repeated(tokens, n):
    """Tokens of n-grams that are equal to one that starts earlier."""
    marks = [False] * len(tokens)
    for start in range(len(tokens) - n + 1):
        if any(tokens[k:k + n] == tokens[start:start + n] for k in range(start)):
            for place in range(start, start + n):
                marks[place] = True
    return marks


def running(rewards, decay):
    """SPIRAL: the baseline before reward t is the geometric sum of the earlier rewards, from 0."""
    return [r - (1 - decay) * sum(decay ** (t - 1 - k) * rewards[k] for k in range(t)) for t, r in enumerate(rewards)]


out = {name: [] for name in [
    "gae", "returns", "groups", "batch", "cosine", "overlong", "kimi", "repetition", "running", "vine"]}
for n in [1, 2, 5, 9]:
    for gamma, lam in [(1.0, 0.95), (0.9, 0.5), (0.99, 1.0), (0.7, 0.0)]:
        r, v = rng.normal(0, 1, n), rng.normal(0, 1, n)
        out["gae"].append(dict(rewards=r.tolist(), values=v.tolist(), discount=gamma, lam=lam, advantages=gae(r, v, gamma, lam)))
        out["returns"].append(dict(rewards=r.tolist(), discount=gamma, returns=[float(sum(gamma ** (k - t) * r[k] for k in range(t, n))) for t in range(n)]))
for n in [2, 3, 8]:
    r = rng.normal(0, 1, n)
    lengths = rng.integers(1, 9, n)
    out["groups"].append(dict(
        rewards=r.tolist(), lengths=lengths.tolist(),
        population=((r - r.mean()) / (r.std() + 1e-4)).tolist(), sample=((r - r.mean()) / (r.std(ddof=1) + 1e-4)).tolist(),
        leaveOneOut=[float(r[i] - np.delete(r, i).mean()) for i in range(n)],
        lengthWeighted=(r - np.average(r, weights=lengths)).tolist(),
        winShare=[float(np.mean([(r[i] > r[j]) + 0.5 * (r[i] == r[j]) for j in range(n) if j != i])) for i in range(n)]))
for sizes in [[2, 3], [4, 1, 2]]:
    groups = [rng.normal(rng.normal(0, 1), 0.5, k) for k in sizes]
    lengths = [rng.integers(1, 5, k) for k in sizes]
    tokens = np.concatenate([np.repeat(g, l) for g, l in zip(groups, lengths)])
    centred = np.concatenate([np.repeat(g - g.mean(), l) for g, l in zip(groups, lengths)])
    out["batch"].append(dict(
        groups=[g.tolist() for g in groups], lengths=[l.tolist() for l in lengths],
        plain=[((g - tokens.mean()) / (tokens.std() + 1e-8)).tolist() for g in groups],
        baseline=[((g - g.mean()) / (centred.std() + 1e-8)).tolist() for g in groups]))
for length in [0, 1, 7, 31, 63, 64, 90]:
    for right in [True, False]:
        for ends in [(2, 1, -10, 0), (0, 10, 0, 0), (6, 5, -10, 0)]:
            out["cosine"].append(dict(length=length, right=right, ends=list(ends), reward=cosine(length, right, 64, *ends, -10)))
    out["overlong"].append(dict(length=length, penalty=overlong(length, 64, 24)))
for n in [1, 2, 6]:
    lengths, right = rng.integers(1, 30, n).tolist(), (rng.random(n) < 0.5).tolist()
    out["kimi"].append(dict(lengths=lengths, right=right, rewards=kimi(lengths, right)))
for n in [1, 2, 3, 5]:
    for _ in range(4):
        tokens = rng.integers(0, 3, rng.integers(0, 14)).tolist()
        out["repetition"].append(dict(tokens=tokens, size=n, marks=repeated(tokens, n)))
for decay in [0.95, 0.5]:
    r = rng.normal(0, 1, 12).tolist()
    out["running"].append(dict(rewards=r, decay=decay, advantages=running(r, decay)))
for _ in range(3):
    # Plays of three moves with two choices each, and the mean reward of all plays with the same beginning.
    moves = rng.integers(0, 2, (6, 3))
    r = rng.normal(0, 1, 6)
    value = lambda i, k: float(np.mean([r[j] for j in range(6) if (moves[j, :k] == moves[i, :k]).all()]))
    out["vine"].append(dict(moves=moves.tolist(), rewards=r.tolist(), advantages=[[value(i, k + 1) - value(i, k) for k in range(3)] for i in range(6)]))
print(json.dumps(out, default=float))
