"""Reference losses and gradients of the objectives, by loops in float64 and derivatives taken by hand.

Run: python3 Tests/References/objectives.py > Tests/HoneObjectivesTests/Fixtures/objectives.json
"""
import json
import math
import numpy as np

rng = np.random.default_rng(20240607)


def draw(rows, columns):
    lp = -3 * rng.random((rows, columns))
    mask = (rng.random((rows, columns)) < 0.7).astype(int)
    return dict(
        logProbs=lp, samplerLogProbs=np.minimum(lp + rng.normal(0, 0.3, lp.shape), -1e-3),
        referenceLogProbs=np.minimum(lp + rng.normal(0, 0.5, lp.shape), -1e-3),
        weights=0.2 + rng.random(lp.shape), mask=mask)


def grpo(d, adv, low=0.2, high=0.2, beta=0.0, normaliser="sequenceMean", length=64):
    lp, m, w = d["logProbs"], d["mask"], d["weights"]
    rows = [i for i in range(len(m)) if m[i].sum() > 0]
    tokens = int(m.sum())
    loss, grad = 0.0, np.zeros_like(lp)
    ratios, clipped, kls = [], [], []
    for i in rows:
        for t in range(lp.shape[1]):
            if not m[i, t]:
                continue
            a = adv[i, t]
            rho = math.exp(lp[i, t] - d["samplerLogProbs"][i, t])
            held = min(max(rho, 1 - low), 1 + high)
            is_clipped = rho * a > held * a
            term, slope = (held * a, 0.0) if is_clipped else (rho * a, rho * a)
            gap = d["referenceLogProbs"][i, t] - lp[i, t]
            kl = math.exp(gap) - gap - 1
            if beta > 0:
                term -= beta * kl
                slope -= beta * (1 - math.exp(gap))
            scale = {"sequenceMean": len(rows) * int(m[i].sum()), "tokenMean": tokens, "constant": len(rows) * length}[normaliser]
            loss -= w[i, t] * term / scale
            grad[i, t] -= w[i, t] * slope / scale
            ratios.append(rho), clipped.append(float(is_clipped)), kls.append(kl)
    metrics = {"ratio": np.mean(ratios), "clipFraction": np.mean(clipped)} if tokens else {"ratio": 0.0, "clipFraction": 0.0}
    if beta > 0:
        metrics["kl"] = np.mean(kls) if tokens else 0.0
    return loss, grad, metrics


def cross_entropy(d, reduction="tokenMean"):
    lp, w = d["logProbs"], d["weights"] * d["mask"]
    if reduction == "tokenMean":
        scale = np.full(len(lp), w.sum())
    else:
        filled = sum(1 for row in w if row.sum() > 0)
        scale = np.array([row.sum() * filled if row.sum() > 0 else 1.0 for row in w])
    grad = -w / scale[:, None]
    return float((grad * lp).sum()), grad, {"logProb": float((lp * w).sum() / w.sum())}


def reinforce(d, adv, bonus=0.0, entropies=None):
    w = d["weights"] * d["mask"]
    rows = sum(1 for row in d["mask"] if row.sum() > 0)
    grad = -w * adv / rows
    loss = float((grad * d["logProbs"]).sum())
    metrics = {}
    if bonus:
        loss -= float((w * bonus * entropies).sum() / rows)
        metrics["entropy"] = float((entropies * d["mask"]).sum() / d["mask"].sum())
    return loss, grad, metrics


def group_advantages(rewards, groups, divide):
    out = np.zeros(len(rewards))
    for g in sorted(set(groups)):
        idx = [i for i, x in enumerate(groups) if x == g]
        r = np.array([rewards[i] for i in idx])
        out[idx] = (r - r.mean()) / ((r.std() + 1e-4) if divide else 1.0)
    return out


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return float(value) if isinstance(value, np.floating) else value


def line(d, **more):
    return {k: plain(v) for k, v in {**d, **more}.items()}


def case(objective, sent, result):
    loss, grad, metrics = result
    return dict(objective=objective, line=sent, loss=plain(loss), gradient=plain(grad), metrics={k: plain(v) for k, v in metrics.items()})


cases = []
for rows, columns in [(1, 1), (2, 3), (4, 6), (5, 4)]:
    for low, high, beta, normaliser, length in [
        (0.2, 0.2, 0.0, "sequenceMean", 64), (0.2, 0.28, 0.0, "tokenMean", 64), (0.1, 0.3, 0.04, "sequenceMean", 64),
        (0.2, 0.2, 0.5, "constant", 10),
    ]:
        d = draw(rows, columns)
        if rows > 3:
            d["mask"][1] = 0
        adv = rng.normal(0, 1, (rows, columns))
        settings = dict(clipLow=low, clipHigh=high, beta=beta, normaliser=normaliser, length=length)
        cases.append(case("grpo", line(d, advantages=adv, settings=settings), grpo(d, adv, low, high, beta, normaliser, length)))
    d = draw(rows, columns)
    d["mask"][0, 0] = 1
    adv = rng.normal(0, 1, rows)
    ent = 2 * rng.random((rows, columns))
    spread = np.repeat(adv[:, None], columns, 1)
    cases.append(case("reinforce", line(d, advantages=adv), reinforce(d, spread)))
    cases.append(case("reinforce", line(d, advantages=adv, entropies=ent, settings=dict(entropyBonus=0.01)), reinforce(d, spread, 0.01, ent)))
    cases.append(case("cross-entropy", line(d), cross_entropy(d)))
    cases.append(case("sft", line(d, settings=dict(reduction="sequenceMean")), cross_entropy(d, "sequenceMean")))
d = draw(6, 4)
rewards, groups = [1.0, 0.0, 0.0, 0.3, 0.3, 0.3], ["a", "a", "a", "b", "b", "b"]
for objective, divide in [("grpo", True), ("reinforce", False)]:
    adv = np.repeat(group_advantages(rewards, groups, divide)[:, None], 4, 1)
    adv[3:] = 0
    result = grpo(d, adv) if divide else reinforce(d, adv)
    cases.append(case(objective, line(d, rewards=rewards, groups=groups), result))
print(json.dumps(cases))
