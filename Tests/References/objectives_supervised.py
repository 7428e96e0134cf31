"""Reference losses, gradients and metrics of the supervised, distillation and value objectives, from the papers' formulas
in torch with float64 and its own differentiation.

Run: python3 Tests/References/objectives_supervised.py > Tests/HoneObjectivesTests/Fixtures/objectives_supervised.json
"""
import json
import math
import torch
import torch.nn.functional as F

torch.manual_seed(20240711)
torch.set_default_dtype(torch.float64)
CASES = []


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    return value


def rows(r, t):
    lp = -3 * torch.rand(r, t)
    mask = (torch.rand(r, t) < 0.75).double()
    mask[0, 0] = 1
    if r > 2:
        mask[1] = 0
    return dict(logProbs=lp, mask=mask, weights=0.2 + torch.rand(r, t))


def distribution(r, t, k):
    return F.log_softmax(torch.randn(r, t, k), -1)


def case(objective, line, live, formula, metrics=lambda: {}):
    """live: key → tensor to differentiate by; formula() gives the loss."""
    for tensor in live.values():
        tensor.requires_grad_(True)
    loss = formula()
    if loss.requires_grad:
        loss.backward()
    gradients = {key: plain(t.grad if t.grad is not None else torch.zeros_like(t)) for key, t in live.items()}
    sent = {}
    for key, value in line.items():
        if key.startswith("scores."):
            sent.setdefault("scores", {})[key[7:]] = plain(value)
        else:
            sent[key] = plain(value)
    for key in ("mask", "tokens"):
        if key in sent:
            sent[key] = [[int(x) for x in row] for row in sent[key]]
    CASES.append(dict(
        objective=objective, line=sent, loss=loss.item(), gradients=gradients,
        metrics={k: float(torch.as_tensor(v).detach()) for k, v in metrics().items()}))


def mean(terms, weights, reduction="tokenMean"):
    if reduction == "tokenMean":
        return (terms * weights).sum() / weights.abs().sum()
    sizes = weights.abs().sum(1)
    kept = sizes > 0
    return ((terms * weights).sum(1)[kept] / sizes[kept]).mean()


def masked_mean(values, mask):
    return (values * mask).sum() / mask.sum()


SHAPES = [(1, 1), (2, 3), (4, 6)]
for r, t in SHAPES:
    for reduction in ("tokenMean", "sequenceMean"):
        d = rows(r, t)
        own = 3 * torch.rand(r, t) - 1
        w = d["weights"] * d["mask"] * own
        lp = d["logProbs"]
        case("weighted-cross-entropy", {**d, "scores.tokenWeights": own, "settings": dict(reduction=reduction)},
             {"logProbs": lp}, lambda: mean(-lp, w, reduction),
             lambda: {"logProb": (lp * w).sum() / w.sum(), "weight": masked_mean(own, d["mask"])})
    for estimator in ("k1", "k2", "k3"):
        d = rows(r, t)
        ref = torch.clamp(d["logProbs"] + 0.5 * torch.randn(r, t), max=-1e-3)
        lp = d["logProbs"]
        k = {"k1": lambda: lp - ref, "k2": lambda: (lp - ref) ** 2 / 2, "k3": lambda: (ref - lp).exp() - 1 + lp - ref}
        case("kl-penalty", {**d, "referenceLogProbs": ref, "settings": dict(estimator=estimator)}, {"logProbs": lp},
             lambda: mean(k[estimator](), d["weights"] * d["mask"]),
             lambda: {name: masked_mean(value(), d["mask"]) for name, value in k.items()})
    # Distillation, written as TRL's generalised loss is: kl_div(input, target, log_target) = target ‖ input.
    for name, beta, tau in [("forward-distillation", 0, 1), ("forward-distillation", 0, 2), ("reverse-distillation", 1, 1),
                            ("reverse-distillation", 1, 0.5), ("jensen-shannon-distillation", 0.5, 1),
                            ("jensen-shannon-distillation", 0.1, 1.5)]:
        d = rows(r, t)
        student, teacher = distribution(r, t, 5), distribution(r, t, 5)

        def div(p, q):
            return F.kl_div(q, p, reduction="none", log_target=True).sum(-1)

        def formula():
            s, p = (student, teacher) if tau == 1 else (F.log_softmax(student / tau, -1), F.log_softmax(teacher / tau, -1))
            if beta == 0:
                value = div(p, s)
            elif beta == 1:
                value = div(s, p)
            else:
                m = torch.logsumexp(torch.stack([s + math.log(1 - beta), p + math.log(beta)]), 0)
                value = beta * div(p, m) + (1 - beta) * div(s, m)
            return mean(value * tau ** 2, d["weights"] * d["mask"])

        settings = dict(temperature=tau)
        if 0 < beta < 1:
            settings["beta"] = beta
        case(name, {**d, "scores.distribution": student, "scores.teacherDistribution": teacher, "settings": settings},
             {"distribution": student}, formula,
             lambda: {"forwardKL": masked_mean(div(teacher, student), d["mask"]),
                      "reverseKL": masked_mean(div(student, teacher), d["mask"]),
                      "agreement": masked_mean((teacher.argmax(-1) == student.argmax(-1)).double(), d["mask"])})
    d = rows(r, t)
    lp = d["logProbs"]
    sampler = torch.clamp(lp.detach() + 0.2 * torch.randn(r, t), max=-1e-3)
    teacher = torch.clamp(lp.detach() + torch.randn(r, t), max=-1e-3)
    case("sampled-distillation", {**d, "samplerLogProbs": sampler, "referenceLogProbs": teacher}, {"logProbs": lp},
         lambda: mean(-(lp - sampler).exp() * (teacher - sampler), d["weights"] * d["mask"]),
         lambda: {"reverseKL": masked_mean(sampler - teacher, d["mask"]), "ratio": masked_mean((lp - sampler).exp(), d["mask"])})
    d = rows(r, t)
    values, returns = torch.randn(r, t), torch.randn(r, t)
    case("value-regression", {**d, "scores.values": values, "scores.returns": returns}, {"values": values},
         lambda: mean(0.5 * (values - returns) ** 2, d["weights"] * d["mask"]),
         lambda: {"value": masked_mean(values, d["mask"]), "return": masked_mean(returns, d["mask"]),
                  "squaredError": masked_mean((values - returns) ** 2, d["mask"])})


def last(scores, mask):
    """Each row's score at its last trained column."""
    places = torch.arange(mask.shape[1]).expand_as(mask)
    at = torch.where(mask > 0, places, -1).max(1).values.clamp(min=0)
    return scores.gather(1, at[:, None]).squeeze(1)


for settings in [{}, dict(marginFactor=1.0), dict(usesProbability=True), dict(centring=0.1), dict(focus=2.0)]:
    d = rows(5, 4)
    reward = torch.randn(5, 4)
    pairs = [dict(chosen=0, rejected=2, probability=0.9, margin=0.5, weight=1.5), dict(chosen=3, rejected=0, probability=0.6, margin=1.0, weight=0.5),
             dict(chosen=1, rejected=4, weight=3.0), dict(chosen=4, rejected=3, probability=0.7)]
    kept = [p for p in pairs if d["mask"][p["chosen"]].sum() > 0 and d["mask"][p["rejected"]].sum() > 0]

    def formula():
        r = last(reward, d["mask"])
        total, weight = 0, 0
        for p in kept:
            gap = r[p["chosen"]] - r[p["rejected"]] - settings.get("marginFactor", 0) * p.get("margin", 0)
            fit = lambda x: -(1 - torch.sigmoid(x)) ** settings.get("focus", 0) * F.logsigmoid(x)
            q = p.get("probability", 1) if settings.get("usesProbability") else 1
            term = q * fit(gap) + (1 - q) * fit(-gap)
            term = term + settings.get("centring", 0) * (r[p["chosen"]] + r[p["rejected"]]) ** 2
            total = total + p.get("weight", 1) * term
            weight += p.get("weight", 1)
        return total / weight

    case("outcome-reward-pairs", {**d, "scores.reward": reward, "pairs": pairs, "settings": settings}, {"reward": reward}, formula)

print(json.dumps(CASES))
