"""Reference losses and gradients of the preference objectives: the papers' and TRL's formulas written again in torch, float64.

Run: python3 Tests/References/objectives_preference.py > Tests/HoneObjectivesTests/Fixtures/objectives_preference.json
"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(20240923)
torch.set_default_dtype(torch.float64)
logsig = F.logsigmoid


def sums(d, key="logProbs"):
    return (d[key] * d["weights"] * d["mask"]).sum(1)


def lengths(d):
    n = (d["weights"] * d["mask"]).sum(1)
    return torch.where(n == 0, torch.ones_like(n), n)


def kept(d, extra=lambda p: True):
    full = d["mask"].sum(1) > 0
    return [p for p in d["pairs"] if full[p["chosen"]] and full[p["rejected"]] and extra(p)]


def over_pairs(d, pairs, margin, cost):
    """The weighted mean of a cost over pairs, and the metrics all pairwise losses share."""
    lp = sums(d)
    if not pairs:
        return 0 * lp.sum(), dict()
    m = torch.stack([margin(p) for p in pairs])
    w = torch.tensor([p["weight"] for p in pairs])
    c = torch.stack([cost(m[k], p) for k, p in enumerate(pairs)])
    metrics = dict(
        margin=m.mean(), accuracy=(m > 0).double().mean(), chosen=torch.stack([lp[p["chosen"]] for p in pairs]).mean(),
        rejected=torch.stack([lp[p["rejected"]] for p in pairs]).mean())
    return (w * c).sum() / w.sum(), metrics


def ratio_margin(d, beta, key="referenceLogProbs", per_token=False):
    r = sums(d) - sums(d, key)
    r = r / lengths(d) if per_token else r
    return lambda p: beta * (r[p["chosen"]] - r[p["rejected"]])


def mean_nll(d, p):
    return -(sums(d) / lengths(d))[p["chosen"]]


def dpo(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m))


def hinge(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: torch.relu(1 - m))


def ipo(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, 1), lambda m, p: (m - 1 / (2 * s["beta"])) ** 2)


def cdpo(d, s):
    e = s["smoothing"]
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m) * (1 - e) - logsig(-m) * e)


def robust(d, s):
    e = s["smoothing"]
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: (-logsig(m) * (1 - e) + logsig(-m) * e) / (1 - 2 * e))


def ln_dpo(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"], per_token=True), lambda m, p: -logsig(m))


def rpo(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m) + s["alpha"] * mean_nll(d, p))


def simpo(d, s):
    mean = sums(d) / lengths(d)
    return over_pairs(
        d, kept(d), lambda p: s["beta"] * (mean[p["chosen"]] - mean[p["rejected"]]), lambda m, p: -logsig(m - s["gamma"]))


def cpo(d, s):
    lp = sums(d)
    return over_pairs(
        d, kept(d), lambda p: s["beta"] * (lp[p["chosen"]] - lp[p["rejected"]]),
        lambda m, p: -logsig(m) - s["lambda"] * lp[p["chosen"]])


def orpo(d, s):
    mean = sums(d) / lengths(d)
    mean = torch.clamp(mean, max=-1e-6)
    odds = mean - torch.log1p(-torch.exp(mean))
    return over_pairs(
        d, kept(d), lambda p: odds[p["chosen"]] - odds[p["rejected"]], lambda m, p: mean_nll(d, p) - s["lambda"] * logsig(m))


def spin(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["lambda"]), lambda m, p: torch.log(1 + torch.exp(-m)))


def step_apo(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m - s["alpha"] * p["margin"]))


def agent_q(d, s):
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"], "samplerLogProbs"), lambda m, p: -logsig(m))


def osp(d, s):
    def cost(m, p):
        t = min(max(p["probability"], s["least"]), 1 - s["least"])
        return -t * logsig(m) - (1 - t) * logsig(-m)
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), cost)


def exo(d, s):
    label = torch.log(torch.tensor([1 - s["smoothing"], s["smoothing"]]))

    def cost(m, p):
        q = F.log_softmax(torch.stack([m, torch.zeros(())]), 0)
        return (q.exp() * (q - label)).sum()
    return over_pairs(d, kept(d), ratio_margin(d, s["beta"]), cost)


def mm_dpo(d, s):
    r = ratio_margin(d, 1)

    def margin(p):
        grow = max(1e-3, 1 - float(torch.exp(torch.tensor(-s["rate"] * p["margin"]))))
        return s["beta"] * (1 + s["scale"] * grow) * r(p)
    return over_pairs(d, kept(d), margin, lambda m, p: -logsig(m) + s["likelihood"] * mean_nll(d, p))


def dno(d, s):
    share = d["scores"]["winShare"]

    def cost(m, p):
        gap = share[p["chosen"]] - share[p["rejected"]]
        t = 1.0 if s["usesHardLabels"] else float(torch.sigmoid(torch.tensor(gap)))
        return -t * logsig(m) - (1 - t) * logsig(-m) + s["likelihood"] * mean_nll(d, p)
    return over_pairs(d, kept(d), ratio_margin(d, s["eta"]), cost)


def inpo(d, s):
    lp, ref = sums(d), sums(d, "referenceLogProbs")
    old = (d["scores"]["reference2"] * d["weights"] * d["mask"]).sum(1)
    share = s["tau"] / s["eta"]

    def h(p):
        w, l = p["chosen"], p["rejected"]
        return lp[w] - lp[l] - share * (ref[w] - ref[l]) - (1 - share) * (old[w] - old[l])
    return over_pairs(d, kept(d), h, lambda m, p: (m - 1 / (2 * s["eta"])) ** 2)


def full(d):
    return (d["mask"].sum(1) > 0).double()


def kto(d, s):
    r = sums(d) - sums(d, "referenceLogProbs")
    labels = torch.tensor(d["labels"])
    on = full(d)
    other, good, bad = on * (labels == 2), on * (labels == 1), on * (labels == 0)
    source = other if other.sum() > 0 else on
    z = float(torch.clamp((r * source).sum() / source.sum(), min=0).detach()) if source.sum() > 0 else 0.0
    n = (good + bad).sum()
    cost = s["good"] * good * (1 - torch.sigmoid(s["beta"] * (r - z))) + s["bad"] * bad * (1 - torch.sigmoid(s["beta"] * (z - r)))
    if n == 0:
        return 0 * r.sum(), dict()
    return cost.sum() / n, dict(
        goodReward=(s["beta"] * r * good).sum() / max(1, good.sum()), badReward=(s["beta"] * r * bad).sum() / max(1, bad.sum()), baseline=torch.tensor(z))


def sppo(d, s):
    on, r = full(d), sums(d) - sums(d, "referenceLogProbs")
    gap = r - s["eta"] * (torch.tensor(d["scores"]["winShare"]) - 0.5)
    return (on * gap ** 2).sum() / on.sum(), dict(logRatio=(on * r).sum() / on.sum(), gap=(on * gap).sum() / on.sum())


def nash_md(d, s):
    # The paper's gradient, as a surrogate with its coefficient held.
    on, r = full(d), sums(d) - sums(d, "referenceLogProbs")
    share = torch.tensor(d["scores"]["winShare"])
    coefficient = (share - 0.5 - s["tau"] * r).detach()
    surrogate = -(on * coefficient * sums(d)).sum() / on.sum()
    value = -(on * ((share - 0.5) * sums(d) - s["tau"] / 2 * r ** 2)).sum() / on.sum()
    return surrogate + (value - surrogate).detach(), dict(logRatio=(on * r).sum() / on.sum(), preference=(on * share).sum() / on.sum())


def spo(d, s):
    on, rewards, groups = full(d), d["rewards"], d["groups"]
    adv = torch.zeros(len(rewards))
    for i, (r, g) in enumerate(zip(rewards, groups)):
        others = [x for j, x in enumerate(rewards) if j != i and groups[j] == g]
        wins = [1.0 if r > x else 0.5 if r == x else 0.0 for x in others]
        adv[i] = sum(wins) / len(wins) - 0.5 if wins else 0.0
    return -(adv * sums(d)).sum() / on.sum(), dict()


def self_reference(d, s):
    reward = d["scores"]["reward"]
    last = [max([t for t in range(d["mask"].shape[1]) if d["mask"][i, t] > 0], default=0) for i in range(len(d["mask"]))]
    r = torch.stack([reward[i, t] for i, t in enumerate(last)])

    def cost(m, p):
        t = p["probability"]
        return -t * logsig(m) - (1 - t) * logsig(-m)
    pairs = kept(d)
    loss, _ = over_pairs(d, pairs, lambda p: r[p["chosen"]] - r[p["rejected"]], cost)
    w = torch.tensor([p["weight"] for p in pairs])
    gap = torch.stack([r[p["chosen"]] - r[p["rejected"]] for p in pairs])
    return loss, dict(accuracy=(w * (gap > 0)).sum() / w.sum(), margin=(w * gap).sum() / w.sum())


def degree(d, s):
    degrees, on = d["scores"]["grade"], full(d)
    loss, metrics = over_pairs(
        d, kept(d, lambda p: degrees[p["chosen"]] < 0 and degrees[p["rejected"]] < 0), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m))
    rows = [i for i in range(len(degrees)) if degrees[i] >= 0 and on[i] > 0]
    if rows:
        last = [max(t for t in range(d["mask"].shape[1]) if d["mask"][i, t] > 0) for i in rows]
        logits = torch.stack([d["scores"]["degree"][i, t] for i, t in zip(rows, last)])
        ce = F.cross_entropy(logits, torch.tensor([int(degrees[i]) for i in rows]))
        loss, metrics = loss + s["gamma"] * ce, dict(metrics, degreeLoss=ce)
    return loss, metrics


def c3po(d, s):
    scope, on = d["scores"]["scope"], full(d)
    loss, metrics = over_pairs(
        d, kept(d, lambda p: scope[p["chosen"]] == 0 and scope[p["rejected"]] == 0), ratio_margin(d, s["beta"]), lambda m, p: -logsig(m))
    lam, temp = s["distillation"], s["temperature"]
    keep = -(1 - lam) * sums(d) / lengths(d)
    if lam:
        own, ref = d["scores"]["distribution"], d["scores"]["teacherDistribution"]
        kl = F.kl_div(F.log_softmax(own / temp, -1), F.softmax(ref / temp, -1), reduction="none").sum(-1)
        keep = keep + lam * temp ** 2 * (kl * d["weights"] * d["mask"]).sum(1) / lengths(d)
    for number, name, factor in ((1, "keepNear", s["near"]), (2, "keepFar", s["far"])):
        rows = [i for i in range(len(scope)) if scope[i] == number and on[i] > 0]
        if rows:
            mean = torch.stack([keep[i] for i in rows]).mean()
            loss, metrics = loss + factor * mean, {**metrics, name: mean}
    return loss, metrics


def entropy(p):
    return -(p * torch.log(p) + (1 - p) * torch.log(1 - p))


def scir(d, s):
    lp, verdict, groups = sums(d), d["scores"]["isVerdict"], d["groups"]
    same = [p for p in kept(d) if groups[p["chosen"]] == groups[p["rejected"]]]
    pairs = [p for p in same if not verdict[p["chosen"]] and not verdict[p["rejected"]]]
    judging = [p for p in same if verdict[p["chosen"]] and verdict[p["rejected"]]]
    agreed = []

    def cost(m, pair):
        votes = [torch.sigmoid(lp[v["chosen"]] - lp[v["rejected"]]) for v in judging if groups[v["chosen"]] == groups[pair["chosen"]]]
        q = torch.stack(votes).mean() if votes else torch.tensor(pair["probability"])
        p, mid = torch.sigmoid(m), (torch.sigmoid(m) + q) / 2
        sure = all(max(float(x.detach()), 1 - float(x.detach())) >= s["confidence"] for x in (p, q)) and (p > 0.5) == (q > 0.5)
        agreed.append(float(sure))
        js = sum(0.5 * (x * torch.log(x / mid) + (1 - x) * torch.log((1 - x) / (1 - mid))) for x in (p, q))
        pen = s["consistency"] * (js + s["entropy"] * (entropy(p) + entropy(q)))
        return pen - (logsig(m if p > 0.5 else -m) if sure else 0)
    loss, metrics = over_pairs(d, pairs, ratio_margin(d, s["beta"], per_token=s["isLengthNormalised"]), cost)
    return loss, dict(metrics, agreement=torch.tensor(agreed).mean()) if pairs else {}


def draw(rows, columns):
    lp = -3 * torch.rand(rows, columns) - 1e-3
    mask = (torch.rand(rows, columns) < 0.7).double()
    mask[:, 0] = 1
    if rows > 4:
        mask[2] = 0
    near = lambda spread: torch.clamp(lp + spread * torch.randn(rows, columns), max=-1e-3)
    order = [torch.randperm(rows)[:2].tolist() for _ in range(3)]
    pairs = [
        dict(chosen=c, rejected=r, probability=float(0.5 + 0.5 * torch.rand(())), margin=float(2 * torch.rand(())), weight=float(0.2 + torch.rand(())))
        for c, r in order]
    return dict(logProbs=lp, referenceLogProbs=near(0.5), samplerLogProbs=near(0.3), weights=0.2 + torch.rand(rows, columns), mask=mask, pairs=pairs)


def plain(x):
    if isinstance(x, torch.Tensor):
        return x.detach().tolist()
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    return [plain(v) for v in x] if isinstance(x, list) else x


def whole(mask):
    return mask.long()


R = torch.rand
picks = lambda rows, low, high: torch.randint(low, high + 1, (rows,)).tolist()
win = lambda rows, cols: dict(scores=dict(winShare=R(rows).tolist()))
TABLE = [
    ("dpo", dpo, dict(beta=0.3), None), ("hinge-dpo", hinge, dict(beta=0.7), None), ("ipo", ipo, dict(beta=0.4), None),
    ("cdpo", cdpo, dict(beta=0.5, smoothing=0.2), None), ("robust-dpo", robust, dict(beta=0.5, smoothing=0.2), None),
    ("ln-dpo", ln_dpo, dict(beta=2.0), None), ("rpo", rpo, dict(beta=0.3, alpha=0.7), None),
    ("simpo", simpo, dict(beta=2.0, gamma=0.6), None), ("cpo", cpo, {"beta": 0.2, "lambda": 0.5}, None),
    ("orpo", orpo, {"lambda": 0.3}, None), ("preflexor", orpo, {"lambda": 0.1}, None), ("spin", spin, {"lambda": 0.4}, None),
    ("step-apo", step_apo, dict(beta=0.3, alpha=0.8), None), ("agent-q", agent_q, dict(beta=0.4), None),
    ("osp", osp, dict(beta=0.3, least=0.05), None), ("exo", exo, dict(beta=0.4, smoothing=0.01), None),
    ("mm-dpo", mm_dpo, dict(beta=0.2, scale=0.5, rate=1.5, likelihood=0.25), None),
    ("dno", dno, dict(eta=0.5, usesHardLabels=False, likelihood=0.0), win),
    ("dno", dno, dict(eta=0.5, usesHardLabels=True, likelihood=0.05), win),
    ("inpo", inpo, dict(eta=0.5, tau=0.2), lambda r, c: dict(scores=dict(reference2=-2 * R(r, c)))),
    ("kto", kto, dict(beta=0.4, good=1.0, bad=1.5), lambda r, c: dict(labels=picks(r, 0, 1))),
    ("kto", kto, dict(beta=0.4, good=1.2, bad=1.0), lambda r, c: dict(labels=[2] + picks(r - 1, 0, 1))),
    ("sppo", sppo, dict(eta=3.0), win), ("nash-md", nash_md, dict(tau=0.3), win),
    ("spo", spo, {}, lambda r, c: dict(rewards=[float(x) for x in picks(r, 0, 2)], groups=picks(r, 0, 1))),
    ("self-reference", self_reference, {}, lambda r, c: dict(scores=dict(reward=torch.randn(r, c)))),
    ("c3po", c3po, dict(beta=0.3, near=0.4, far=0.2, distillation=0.0, temperature=1.0), lambda r, c: dict(scores=dict(scope=picks(r, 0, 2)))),
    ("c3po", c3po, dict(beta=0.3, near=0.4, far=0.2, distillation=0.6, temperature=2.0), lambda r, c: dict(scores=dict(
        scope=picks(r, 0, 2), distribution=torch.log_softmax(torch.randn(r, c, 3), -1), teacherDistribution=torch.log_softmax(torch.randn(r, c, 3), -1)))),
    ("scir", scir, dict(beta=1.0, consistency=0.7, entropy=0.1, confidence=0.55, isLengthNormalised=False),
     lambda r, c: dict(groups=picks(r, 0, 1), scores=dict(isVerdict=picks(r, 0, 1)))),
    ("scir", scir, dict(beta=2.0, consistency=0.7, entropy=0.2, confidence=0.5, isLengthNormalised=True),
     lambda r, c: dict(groups=[0] * r, scores=dict(isVerdict=[0] * r))),
    ("spo-degree", degree, dict(beta=0.3, gamma=0.5, degrees=3), lambda r, c: dict(scores=dict(grade=picks(r, -1, 2), degree=torch.randn(r, c, 3)))),
]
LEARNED = {"reward": "self-reference", "degree": "spo-degree", "distribution": "c3po"}
FREE = {"simpo", "cpo", "orpo", "preflexor", "agent-q", "spo", "self-reference"}
OTHERS = {
    "samplerLogProbs": {"agent-q"}, "referenceLogProbs": {row[0] for row in TABLE} - FREE,
    "pairs": {row[0] for row in TABLE} - {"kto", "sppo", "nash-md", "spo"}}
cases = []
for rows, columns in [(2, 1), (5, 3)]:
    for name, formula, settings, more in TABLE:
        d = draw(rows, columns)
        d.update(more(rows, columns) if more else {})
        live = {"logProbs": d["logProbs"]}
        for key, owner in LEARNED.items():
            if owner == name and key in d.get("scores", {}):
                live[key] = d["scores"][key]
        for t in live.values():
            t.requires_grad_()
        loss, metrics = formula(d, settings)
        if loss.requires_grad:
            loss.backward()
        grads = {k: (t.grad if t.grad is not None else torch.zeros_like(t)).tolist() for k, t in live.items()}
        for key, users in OTHERS.items():
            if name not in users:
                d.pop(key)
        sent = plain({**d, "mask": whole(d["mask"]), "settings": settings})
        cases.append(dict(
            objective=name, line=sent, loss=float(loss.detach()), gradient=grads.pop("logProbs"), gradients=grads, metrics=plain(metrics)))
print(json.dumps(cases))
