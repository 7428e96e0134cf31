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
# Inputs with few digits keep the fixture small.
rand, randn = torch.rand, torch.randn
torch.rand = lambda *shape: (rand(*shape) * 1024).round() / 1024
torch.randn = lambda *shape: (randn(*shape) * 1024).round() / 1024


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

# Imitation of chosen or labelled rows.
for r, t in [(2, 3), (5, 4)]:
    for settings in [{}, dict(threshold=-0.5, keeps="bestOfGroup"), dict(threshold=0.0, reduction="sequenceMean")]:
        d = rows(r, t)
        rewards, groups = torch.randn(r), [i % 2 for i in range(r)]
        lp, w = d["logProbs"], d["weights"] * d["mask"]
        filled = d["mask"].sum(1) > 0
        kept = (rewards >= settings.get("threshold", 0.5)).double()
        if settings.get("keeps"):
            for g in (0, 1):
                members = [i for i in range(r) if groups[i] == g and filled[i]]
                for i in range(r):
                    if groups[i] == g and (not members or rewards[i] < max(rewards[j] for j in members)):
                        kept[i] = 0
        w = w * kept[:, None]
        if w.sum() == 0:
            continue
        case("rejection-sampling", {**d, "rewards": rewards, "groups": groups, "settings": settings}, {"logProbs": lp},
             lambda: mean(-lp, w, settings.get("reduction", "tokenMean")),
             lambda: {"kept": (kept * filled).sum() / filled.sum(), "logProb": (lp * w).sum() / w.sum()})
    labels = torch.tensor([float(i % 2 == 0) for i in range(r)])
    d = rows(r, t)
    lp, w = d["logProbs"], d["weights"] * d["mask"]
    d["mask"][0, 0] = 1
    right, wrong = w * labels[:, None], w * (1 - labels[:, None])
    case("negative-aware-tuning", {**d, "labels": labels, "settings": dict(negativeWeight=0.3)}, {"logProbs": lp},
         lambda: mean(-lp, right + 0.3 * wrong))
    for reduction in ("tokenMean", "sequenceMean"):
        d = rows(r, t)
        d["mask"][:2, 0] = 1
        w = d["weights"] * d["mask"]
        lp = d["logProbs"]
        right, wrong = w * labels[:, None], w * (1 - labels[:, None])
        case("mistake-tuning", {**d, "labels": labels, "settings": dict(mistakeWeight=0.5, reduction=reduction)}, {"logProbs": lp},
             lambda: mean(-lp, right, reduction) + 0.5 * mean(-lp, wrong, reduction),
             lambda: {"rightLogProb": (lp * right).sum() / right.sum(), "wrongLogProb": (lp * wrong).sum() / wrong.sum()})
    for settings in [{}, dict(consistencyWeight=0.5, confidenceWeight=0.2, answerWeight=0.7)]:
        d = rows(r, t)
        thought = (torch.rand(r, t) < 0.4).double()
        thought[0, 0] = 0
        consistency = torch.rand(r)
        lp = d["logProbs"]
        v = d["weights"] * d["mask"] * (1 - thought) * (1 + settings.get("consistencyWeight", 0) * consistency[:, None])
        case("thought-mask", {**d, "scores.thought": thought, "scores.consistency": consistency, "settings": settings}, {"logProbs": lp},
             lambda: mean(-settings.get("answerWeight", 1) * lp + settings.get("confidenceWeight", 0) * (1 - lp.exp()), v),
             lambda: {"thoughts": masked_mean(thought, d["mask"])})
for negative in ("farthest", "nearest"):
    d = rows(8, 4)
    labels, groups = [2, 1, 1, 0, 0, 2, 1, 0], ["a", "a", "a", "a", "a", "b", "b", "b"]
    d["mask"][2, 1] = d["mask"][3, 0] = d["mask"][4, 2] = d["mask"][6, 0] = d["mask"][7, 3] = 1
    quality = torch.rand(8)
    lp, w = d["logProbs"], d["weights"] * d["mask"]

    def formula():
        ce = [-(lp[i] * w[i]).sum() / w[i].sum() if w[i].sum() > 0 else None for i in range(8)]
        answers = [ce[i] for i in range(8) if labels[i] == 2 and ce[i] is not None]
        loss = sum(answers) / len(answers)
        for g in ("a", "b"):
            good = [i for i in range(8) if groups[i] == g and labels[i] == 1 and ce[i] is not None]
            bad = [i for i in range(8) if groups[i] == g and labels[i] == 0 and ce[i] is not None]
            j = min(good, key=lambda i: ce[i].item())
            k = (max if negative == "farthest" else min)(bad, key=lambda i: ce[i].item())
            loss = loss + (0.5 * quality[j] * ce[j] + 0.5 * (1 - quality[k]) * torch.clamp(1.5 - ce[k], min=0)) / 2
        return loss

    case("contrastive-rationale", {**d, "labels": labels, "groups": groups, "scores.quality": quality,
                                   "settings": dict(margin=1.5, negative=negative)}, {"logProbs": lp}, formula)

# Reward models.
for r, t in [(2, 3), (5, 4)]:
    for everywhere in (False, True):
        d = rows(r, t)
        reward, labels = torch.randn(r, t), torch.rand(r)
        w = d["weights"] * d["mask"]
        if not everywhere:
            places = torch.arange(t).expand(r, t)
            at = torch.where(d["mask"] > 0, places, -1).max(1).values
            w = w * (places == at[:, None]).double()
        case("outcome-reward-binary", {**d, "labels": labels, "scores.reward": reward, "settings": dict(isEverywhere=everywhere)},
             {"reward": reward},
             lambda: mean(F.binary_cross_entropy_with_logits(reward, labels[:, None].expand(r, t), reduction="none"), w),
             lambda: {"probability": (torch.sigmoid(reward) * w).sum() / w.sum()})
    for name, settings in [("process-reward-hard", {}), ("process-reward-hard", dict(threshold=0.5)), ("process-reward-soft", {}),
                           ("process-reward-soft", dict(isSquared=True)), ("process-reward-ranking", {}),
                           ("process-reward-ranking", dict(margin=1.0, threshold=0.4))]:
        d = rows(r, t)
        step, labels = torch.randn(r, t), torch.rand(r, t)
        labels[torch.rand(r, t) < 0.3] = -1
        labels[torch.rand(r, t) < 0.2] = 0
        labels[0, 0] = 0.7
        w = d["weights"] * d["mask"] * (labels >= 0)
        hard = (labels > settings.get("threshold", 0)).double()

        def formula():
            if name == "process-reward-hard":
                return mean(F.binary_cross_entropy_with_logits(step, hard, reduction="none"), w)
            if name == "process-reward-soft" and settings:
                return mean((torch.sigmoid(step) - labels) ** 2, w)
            if name == "process-reward-soft":
                return mean(-labels * F.logsigmoid(step) - (1 - labels) * F.logsigmoid(-step), w)
            total, count = 0, 0
            for i in range(r):
                ends = [j for j in range(t) if w[i, j] > 0]
                if not ends:
                    continue
                count += 1
                wrong = sum((step[i, j] + settings.get("margin", 4.0)).exp() for j in ends if hard[i, j] == 0)
                terms, before = [], torch.tensor(1.0)
                if any(hard[i, j] == 0 for j in ends):
                    terms.append(-torch.log(1 / (1 + wrong)))
                for j in ends:
                    if hard[i, j] == 1:
                        before = before + step[i, j].exp()
                        terms.append(-torch.log(step[i, j].exp() / (before + wrong)))
                total = total + sum(terms) / len(terms)
            return total / count

        case(name, {**d, "scores.step": step, "scores.steps": labels, "settings": settings}, {"step": step}, formula)

# Values and action values.
def following(values, mask):
    out = torch.zeros_like(values)
    for i in range(values.shape[0]):
        trained = [j for j in range(values.shape[1]) if mask[i, j] > 0]
        for a, b in zip(trained, trained[1:]):
            out[i, a] = values[i, b]
    return out


for r, t in SHAPES + [(3, 6)]:
    d = rows(r, t)
    w = d["weights"] * d["mask"]
    values, old, returns = torch.randn(r, t), torch.randn(r, t), torch.randn(r, t)

    def clipped():
        held = torch.clamp(values, min=old - 0.3, max=old + 0.3)
        return 0.5 * torch.max((values - returns) ** 2, (held - returns) ** 2)

    case("clipped-value", {**d, "scores.values": values, "scores.values.target": old, "scores.returns": returns, "settings": dict(clip=0.3)},
         {"values": values}, lambda: mean(clipped(), w),
         lambda: {"clipFraction": masked_mean(((clipped() * 2) > (values - returns) ** 2).double(), d["mask"])})
    d, values, returns = rows(r, t), torch.randn(r, t), torch.randn(r, t)
    case("expectile-value", {**d, "scores.values": values, "scores.returns": returns, "settings": dict(expectile=0.9)}, {"values": values},
         lambda: mean(torch.where(returns < values, 0.1, 0.9) * (returns - values) ** 2, d["weights"] * d["mask"]))
    d, several, goals = rows(r, t), torch.randn(r, t, 3), torch.randn(3, r, t)
    case("several-values", {**d, "scores.criteria": several, "settings": dict(count=3), **{f"scores.returns{k + 1}": goals[k] for k in range(3)}},
         {"criteria": several}, lambda: mean(0.5 * ((several - goals.permute(1, 2, 0)) ** 2).mean(-1), d["weights"] * d["mask"]),
         lambda: {"squaredError2": masked_mean((several[..., 1] - goals[1]) ** 2, d["mask"])})
    tokens = torch.randint(0, 4, (r, t))
    pick = lambda q: q.gather(2, tokens[..., None]).squeeze(2)
    nll = lambda q: F.cross_entropy(q.reshape(-1, 4), tokens.reshape(-1), reduction="none").reshape(r, t)
    d, q, returns = rows(r, t), torch.randn(r, t, 4), torch.randn(r, t)
    case("q-regression", {**d, "tokens": tokens, "scores.q": q, "scores.returns": returns, "settings": dict(conservatism=0.4)}, {"q": q},
         lambda: mean(0.5 * (pick(q) - returns) ** 2 + 0.4 * nll(q), d["weights"] * d["mask"]))
    d, q, target, rewards = rows(r, t), torch.randn(r, t, 4), torch.randn(r, t, 4), torch.randn(r, t)
    goal = rewards + 0.9 * following(target.max(-1).values, d["mask"])
    case("cql", {**d, "tokens": tokens, "scores.q": q, "scores.q.target": target, "scores.rewards": rewards,
                 "settings": dict(conservatism=0.5, discount=0.9)}, {"q": q},
         lambda: mean(0.5 * (pick(q) - goal) ** 2 + 0.5 * nll(q), d["weights"] * d["mask"]),
         lambda: {"squaredError": masked_mean((pick(q) - goal) ** 2, d["mask"])})
    for twin, awac in [(True, 0.0), (False, 0.5), (True, 1.0)]:
        d = rows(r, t)
        lp, values, known, rewards = d["logProbs"], torch.randn(r, t), torch.randn(r, t), torch.randn(r, t)
        qs = [torch.randn(r, t, 4) for _ in range(2 if twin else 1)]
        targets = [torch.randn(r, t, 4) for _ in qs]

        def formula():
            least = pick(targets[0]) if not twin else torch.minimum(pick(targets[0]), pick(targets[1]))
            goal = rewards + 0.95 * following(known, d["mask"])
            terms = sum((pick(q) - goal) ** 2 + 0.2 * nll(q) for q in qs)
            terms = terms + torch.where(least >= values, 0.8, 0.2) * (least - values) ** 2
            return mean(terms - awac * (1.5 * (least - known)).exp() * lp, d["weights"] * d["mask"])

        line = {**d, "tokens": tokens, "scores.values": values, "scores.values.target": known, "scores.rewards": rewards,
                "settings": dict(isTwin=twin, imitation=awac, temperature=1.5, expectile=0.8, conservatism=0.2, discount=0.95)}
        live = {"values": values}
        for k, (q, target) in enumerate(zip(qs, targets)):
            line[f"scores.q{k + 1}"], line[f"scores.q{k + 1}.target"], live[f"q{k + 1}"] = q, target, q
        if awac:
            live["logProbs"] = lp
        case("ilql", line, live, formula, lambda: {"v": masked_mean(values, d["mask"])})

print(json.dumps(CASES))
