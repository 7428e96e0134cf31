"""Reference losses and gradients of the policy-gradient objectives: the papers' formulas in float64, derived by torch.

Run: python3 Tests/References/objectives_policy.py > Tests/HoneObjectivesTests/Fixtures/objectives_policy.json
"""
import json
import torch

torch.set_default_dtype(torch.float64)
rng = torch.Generator().manual_seed(20250101)
HELD = 20.0


def short(x):
    """Four decimals, so that the fixture stays small."""
    return (x * 1e4).round() / 1e4


def uniform(*shape):
    return short(torch.rand(*shape, generator=rng))


def normal(*shape):
    return short(torch.randn(*shape, generator=rng))


def draw(rows, columns):
    lp = -3 * uniform(rows, columns)
    mask = (uniform(rows, columns) < 0.75).double()
    mask[0, 0] = 1
    if rows > 3:
        mask[1] = 0
    near = lambda s: short(torch.minimum(lp + s * normal(rows, columns), torch.tensor(-1e-3)))
    return dict(logProbs=lp, samplerLogProbs=near(0.3), referenceLogProbs=near(0.5), weights=0.2 + uniform(rows, columns), mask=mask)


class Rows:
    """The tensors of one line; masked places are set to 0 and never looked at."""

    def __init__(self, d):
        self.m = d["mask"]
        self.leaves = {}
        self.l = self.leaf("logProbs", d["logProbs"])
        zero = lambda k: d[k] * self.m if k in d else None
        self.s, self.r, self.w = zero("samplerLogProbs"), zero("referenceLogProbs"), zero("weights")
        self.a = d.get("advantages")
        if self.a is not None:
            self.a = (self.a if self.a.dim() == 2 else self.a[:, None].expand_as(self.m)) * self.m
        self.n = self.m.sum(1)
        self.rows = (self.n > 0).sum()
        self.tokens = self.m.sum()

    def leaf(self, key, x):
        """Something the loss is differentiated by, 0 where masked."""
        self.leaves[key] = x.clone().requires_grad_()
        m = self.m if x.dim() == 2 else self.m[:, :, None]
        return torch.where(m > 0, self.leaves[key], torch.zeros(()))

    def mean(self, x):
        return ((x * self.m).sum() / self.tokens).item()

    def reduce(self, terms, how, length=64):
        x = terms * self.w
        if how == "sequenceMean":
            return (x.sum(1)[self.n > 0] / self.n[self.n > 0]).mean()
        if how == "tokenMean":
            return x.sum() / self.tokens
        return x.sum() / self.rows / (length if how == "constant" else 1)


def ratio(x):
    return torch.clamp(x, -HELD, HELD).exp()


def kl(name, l, r, rho=None):
    if name == "k1":
        return l - r
    if name == "k2":
        return (l - r) ** 2 / 2
    if name == "k3":
        return (r - l).exp() - (r - l) - 1
    return rho * (l - r) - rho + 1


def clipped(rho, a, low, high):
    return torch.minimum(rho * a, rho.clamp(1 - low, 1 + high) * a)


def clip_metrics(R, rho, a, low, high):
    return {"ratio": R.mean(rho), "clipFraction": R.mean((rho * a > rho.clamp(1 - low, 1 + high) * a).double())}


def rloo(d, clip=0.0, beta=0.0, estimator="k2"):
    R = Rows(d)
    if clip == 0:
        terms, how, metrics = R.a * R.l, "rowSum", {}
    else:
        rho = ratio((R.l - R.s).sum(1, keepdim=True)).expand_as(R.m)
        terms, how = clipped(rho, R.a, clip, clip), "sequenceMean"
        metrics = clip_metrics(R, rho, R.a, clip, clip)
    if beta:
        k = kl(estimator, R.l, R.r)
        terms = terms - beta * k
        metrics["kl"] = R.mean(k)
    return R, -R.reduce(terms, how), metrics


def reinforce_plus_plus(d, clip=0.2, beta=0.0, whitens=True, normaliser="tokenMean", length=64):
    R = Rows(d)
    a = R.a.clone()
    metrics = {}
    if beta:
        for i in range(a.shape[0]):
            for t in range(a.shape[1]):
                a[i, t] -= beta * (R.s - R.r)[i, t:].sum()
        metrics["kl"] = R.mean(R.l - R.r)
    if whitens:
        chosen = a[R.m > 0]
        a = (a - chosen.mean()) / chosen.var(unbiased=False).clamp(min=1e-8).sqrt()
    a = a * R.m
    rho = ratio(R.l - R.s)
    return R, -R.reduce(clipped(rho, a, clip, clip), normaliser, length), {**clip_metrics(R, rho, a, clip, clip), **metrics}


def ppo(d, clipLow=0.2, clipHigh=0.2, valueFactor=0.5, valueClip=0.2, entropyBonus=0.0, beta=0.0, estimator="k3", normaliser="tokenMean"):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    terms = clipped(rho, R.a, clipLow, clipHigh)
    metrics = clip_metrics(R, rho, R.a, clipLow, clipHigh)
    if beta:
        terms = terms - beta * kl(estimator, R.l, R.r)
    if entropyBonus:
        entropies = R.leaf("entropies", d["entropies"])
        terms = terms + entropyBonus * entropies
        metrics["entropy"] = R.mean(entropies)
    if valueFactor:
        s = d["scores"]
        v = R.leaf("values", s["values"])
        ret, old = s["returns"] * R.m, s["oldValues"] * R.m
        error = (v - ret) ** 2
        if valueClip:
            near = torch.minimum(torch.maximum(v, old - valueClip), old + valueClip)
            metrics["valueClipFraction"] = R.mean(((near - ret) ** 2 > error).double())
            error = torch.maximum(error, (near - ret) ** 2)
        metrics["valueLoss"] = R.mean(0.5 * error)
        terms = terms - valueFactor * 0.5 * error
    return R, -R.reduce(terms, normaliser), metrics


def grpo(d, clipLow=0.2, clipHigh=0.2, normaliser="sequenceMean", length=64, beta=0.0, estimator="k3"):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    terms = clipped(rho, R.a, clipLow, clipHigh)
    metrics = clip_metrics(R, rho, R.a, clipLow, clipHigh)
    if beta:
        k = kl(estimator, R.l, R.r, rho)
        terms = terms - beta * k
        metrics["kl"] = R.mean(k)
    return R, -R.reduce(terms, normaliser, length), metrics


def gspo(d, clipLow=3e-4, clipHigh=4e-4, perToken=False):
    R = Rows(d)
    s = ratio(((R.l - R.s).sum(1) / R.n.clamp(min=1)))[:, None].expand_as(R.m)
    if perToken:
        s = s.detach() * (R.l - R.l.detach()).exp()
    return R, -R.reduce(clipped(s, R.a, clipLow, clipHigh), "sequenceMean"), clip_metrics(R, s, R.a, clipLow, clipHigh)


def cispo(d, clipLow=1.0, clipHigh=4.0):
    R = Rows(d)
    rho = ratio(R.l - R.s).detach()
    weight = rho.clamp(1 - clipLow, 1 + clipHigh)
    return R, -R.reduce(weight * R.a * R.l, "tokenMean"), {"ratio": R.mean(rho), "clipFraction": R.mean((rho != weight).double())}


def dual_clip(d, clipLow=0.2, clipHigh=0.2, floor=3.0, normaliser="tokenMean", length=64):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    inner = clipped(rho, R.a, clipLow, clipHigh)
    terms = torch.where(R.a < 0, torch.maximum(inner, floor * R.a), inner)
    return R, -R.reduce(terms, normaliser, length), {"ratio": R.mean(rho), "clipFraction": R.mean((terms != rho * R.a).double())}


def score_function(d, how="rowSum", beta=0.0, first=0.0, entropyBonus=0.0, estimator="k2"):
    R = Rows(d)
    terms, metrics = R.a * R.l, {}
    if beta or first:
        k = kl(estimator, R.l, R.r)
        factor = beta + (first * (d["scores"]["turn"] == 0) if first else 0)
        terms = terms - factor * k
        metrics["kl"] = R.mean(k)
    if entropyBonus:
        h = R.leaf("entropies", d["entropies"])
        terms = terms + entropyBonus * h
        metrics["entropy"] = R.mean(h)
    return R, -R.reduce(terms, how), metrics


def kimi(d, tau=0.1):
    R = Rows(d)
    ratios = (R.w * R.m * (R.l - R.s)).sum(1)
    # The squared error of the paper, less its constant, divided by 2 tau; advantages are the same for all tokens of a row.
    a = R.a.sum(1) / R.n.clamp(min=1)
    loss = ((a - tau * ratios) ** 2 - a ** 2).sum() / (2 * tau) / R.rows
    filled = R.n > 0
    return R, loss, {"logRatio": ratios[filled].mean().item(), "squaredLogRatio": (ratios[filled] ** 2).mean().item()}


def critique_grpo(d, shaping=0.1, entropyBonus=0.001, length=64):
    R = Rows(d)
    refined = d["scores"]["refinement"] * R.m
    p = R.l.exp()
    rho = ratio(R.l - R.s)
    shaped = p / (p + shaping)
    terms = torch.where(refined > 0, shaped, rho) * R.a
    h = R.leaf("entropies", d["entropies"])
    own = R.m - refined
    share = lambda x, on: ((x * on).sum() / on.sum().clamp(min=1)).item()
    metrics = {"ratio": share(rho, own), "shaped": share(shaped, refined), "entropy": R.mean(h)}
    return R, -R.reduce(terms + entropyBonus * h, "constant", length), metrics


def spear(d, clipLow=0.2, clipHigh=0.28, imitation=1.0, covarianceLow=1.0, covarianceHigh=40.0, covarianceShare=0.02, length=64):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    g = clipped(rho, R.a, clipLow, clipHigh)
    replayed = d["scores"]["replayed"]
    loss, total = 0 * R.l.sum(), 0.0
    for on, weight in [(R.m * (1 - replayed), 1.0), (R.m * replayed * (R.a >= 0), imitation)]:
        chosen = on > 0
        if chosen.sum() == 0:
            continue
        l, a = R.l.detach()[chosen], R.a[chosen]
        cov = (a - a.mean()) * (l - l.mean())
        free = (rho[chosen] * a <= rho[chosen].clamp(1 - clipLow, 1 + clipHigh) * a)
        band = (cov > covarianceLow) & (cov < covarianceHigh) & free
        keep = torch.ones_like(a)
        if band.any():
            count = max(1, int(covarianceShare * chosen.sum()))
            keep[band] = 1 - min(1.0, count / band.sum().item())
        total += band.sum().item()
        rows = (on.sum(1) > 0).sum()
        loss = loss - weight * (R.w[chosen] * keep * g[chosen]).sum() / rows / length
    metrics = {**clip_metrics(R, rho, R.a, clipLow, clipHigh), "covarianceFraction": total / R.tokens.item()}
    return R, loss, metrics


def nft(d, weighting="failures", floor=1.0, negatives=1.0, normaliser="constant", length=64):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    terms = 0 * R.l
    rates = []
    for i in range(R.m.shape[0]):
        if R.n[i] == 0:
            continue
        group = [j for j in range(R.m.shape[0]) if d["groups"][j] == d["groups"][i] and R.n[j] > 0]
        r = sum(float(d["rewards"][j] > 0) for j in group) / len(group)
        if r in (0.0, 1.0):
            continue
        rates.append(r)
        r = min(max(r, 0.02), 0.98)
        u = {"failures": 1 - r, "standardised": ((1 - r) / r) ** 0.5, "equal": 1.0}[weighting]
        if d["rewards"][i] > 0:
            row = u * rho[i].log()
        else:
            x = (1 - r * rho[i]) / (1 - r)
            row = u * negatives * (x + (x.clamp(min=floor) - x).detach()).log()
        terms = terms + row * R.m * (torch.arange(R.m.shape[0]) == i).double()[:, None]
    return R, -R.reduce(terms, normaliser, length), {"ratio": R.mean(rho), "rate": sum(rates) / len(rates) if rates else 0.0}


def oreal(d, rightFactor=1.0, wrongFactor=0.5, weighsTokens=True, threshold=0.5, headFactor=1.0, beta=0.01, estimator="k3"):
    R = Rows(d)
    isRight = (d["rewards"] > 0).double()[:, None]
    right, wrong = R.m * isRight, R.m * (1 - isRight)
    rho = ratio(R.l - R.s)
    plus, minus, metrics, loss = torch.ones_like(R.m), torch.ones_like(R.m), {}, 0.0
    mean = lambda x, on: ((x * on).sum() / on.sum()).item() if on.sum() > 0 else 0.0
    if weighsTokens:
        c = R.leaf("credit", d["scores"]["credit"])
        for i in range(c.shape[0]):
            seen = []
            for t in range(c.shape[1]):
                if R.m[i, t] > 0:
                    seen.append(c[i, t].item())
                    p = torch.sigmoid(torch.tensor(sum(seen) / len(seen)))
                    plus[i, t] = max(0.0, (p - threshold) / (1 - threshold))
                    minus[i, t] = max(0.0, (1 - p - threshold) / (1 - threshold))
        filled = R.n > 0
        scores = c.sum(1)[filled] / R.n[filled]
        ce = torch.nn.functional.binary_cross_entropy_with_logits(scores, isRight[filled, 0], reduction="mean")
        loss = loss + headFactor * ce
        metrics.update({"headLoss": ce.item(), "rightWeight": mean(plus, right), "wrongWeight": mean(minus, wrong)})
    aw = R.a * R.w
    loss = loss - rightFactor * (R.l * aw * plus * right).sum() / right.sum().clamp(min=1)
    loss = loss - wrongFactor * (rho * aw * minus * wrong).sum() / wrong.sum().clamp(min=1)
    if beta:
        k = kl(estimator, R.l, R.r)
        loss = loss + beta * (k * R.w * R.m).sum() / R.tokens
        metrics["kl"] = R.mean(k)
    metrics["ratio"] = mean(rho, wrong)
    return R, loss, metrics


def mirror(d, step=1.0, alpha=0.0, normaliser="tokenMean"):
    R = Rows(d)
    rho = ratio(R.l - R.s)
    own = rho * (R.l - R.s) - rho + 1
    terms = rho * R.a - own / step
    metrics = {"ratio": R.mean(rho), "samplerKL": R.mean(own)}
    if alpha:
        k = rho * (R.l - R.r) - rho + 1
        terms = terms - alpha * k
        metrics["kl"] = R.mean(k)
    return R, -R.reduce(terms, normaliser), metrics


def r_nad(d, eta=0.2, largestWeight=1.0, normaliser="rowSum"):
    R = Rows(d)
    rho = ratio(R.l - R.s).detach()
    a = R.a.clone()
    for i in range(a.shape[0]):
        for t in range(a.shape[1]):
            a[i, t] -= eta * (R.s - R.r)[i, t:].sum()
    weight = rho.clamp(max=largestWeight)
    return R, -R.reduce(weight * a * R.m * R.l, normaliser), {"ratio": R.mean(rho), "clipFraction": R.mean((rho > weight).double()), "kl": R.mean(R.l - R.r)}


def awr(d, temperature=1.0, largestWeight=20.0, normaliser="tokenMean"):
    R = Rows(d)
    weight = (R.a / temperature).exp().clamp(max=largestWeight)
    return R, -R.reduce(weight * R.l * R.m, normaliser), {"weight": R.mean(weight), "logProb": R.mean(R.l)}


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


cases = []


def case(objective, formula, d, **settings):
    tidy = lambda v: {n: short(x) for n, x in v.items()} if isinstance(v, dict) else short(v) if isinstance(v, torch.Tensor) else v
    d = {k: tidy(v) for k, v in d.items()}
    R, loss, metrics = formula(d, **settings)
    loss.backward()
    grads = {key: plain(x.grad if x.grad is not None else torch.zeros_like(x)) for key, x in R.leaves.items()}
    gradient = grads.pop("logProbs")
    line = {k: plain(v) for k, v in d.items()}
    if settings:
        line["settings"] = settings
    cases.append(dict(objective=objective, line=line, loss=plain(loss), gradient=gradient, gradients=grads, metrics=metrics))


def per_row(d):
    return {**d, "advantages": normal(d["mask"].shape[0])}


def per_token(d):
    return {**d, "advantages": normal(*d["mask"].shape)}


SHAPES = [(1, 1), (3, 4), (5, 3)]


def clipped_family():
    for shape in SHAPES:
        case("rloo", rloo, per_row(draw(*shape)))
        case("rloo", rloo, per_row(draw(*shape)), clip=0.3, beta=0.1)
        case("reinforce++", reinforce_plus_plus, per_token(draw(*shape)))
        case("reinforce++", reinforce_plus_plus, per_row(draw(*shape)), clip=0.1, beta=0.2, normaliser="constant", length=7)
        for settings in [dict(), dict(valueClip=0, entropyBonus=0.01, valueFactor=1.5), dict(beta=0.3, estimator="k2", normaliser="sequenceMean"), dict(valueFactor=0)]:
            d = per_token(draw(*shape))
            old = normal(*shape)
            d["scores"] = {"values": old + 0.3 * normal(*shape), "returns": normal(*shape), "oldValues": old}
            d["entropies"] = 2 * uniform(*shape)
            case("ppo", ppo, d, **settings)
        for estimator in ["k1", "k2", "k3"]:
            case("grpo", grpo, per_token(draw(*shape)), beta=0.2, estimator=estimator, normaliser="rowSum")
        d = per_row(draw(*shape))
        case("dr-grpo", lambda d, clip, length: grpo(d, clip, clip, "constant", length), d, clip=0.15, length=11)
        case("dapo", lambda d, **s: grpo(d, **{**dict(clipLow=0.2, clipHigh=0.28), **s}, normaliser="tokenMean"), per_row(draw(*shape)))
        case("gspo", gspo, per_row(draw(*shape)), clipLow=0.1, clipHigh=0.2)
        case("gspo", gspo, per_row(draw(*shape)))
        case("gspo", gspo, per_token(draw(*shape)), clipLow=0.3, clipHigh=0.3, perToken=True)
        case("cispo", cispo, per_token(draw(*shape)))
        case("cispo", cispo, per_token(draw(*shape)), clipLow=0.1, clipHigh=0.1)
        d = per_row(draw(*shape))
        d["samplerLogProbs"] = d["samplerLogProbs"] - 1.2 * uniform(*shape)
        case("dual-clip", dual_clip, d, floor=1.5)


def marked(shape, name):
    return {name: (uniform(*shape) < 0.5).double()}


def outcomes(d):
    rows = d["mask"].shape[0]
    return {**d, "rewards": (uniform(rows) < 0.5).double(), "groups": [i % 2 for i in range(rows)]}


def other_families():
    for shape in SHAPES:
        case("remax", score_function, per_row(draw(*shape)))
        case("remax", lambda d, beta: score_function(d, beta=beta), per_row(draw(*shape)), beta=0.3)
        case("opo", score_function, per_row(draw(*shape)))
        d = per_token(draw(*shape))
        d["scores"] = marked(shape, "turn")
        case("score-stage1", lambda d: score_function(d, beta=0.01, first=0.1), d)
        case("score-stage1", lambda d, beta, firstTurnBeta, estimator: score_function(d, beta=beta, first=firstTurnBeta, estimator=estimator), d, beta=0.2, firstTurnBeta=0.7, estimator="k3")
        case("score-stage2", lambda d: score_function(d, beta=0.01), per_token(draw(*shape)))
        d = per_row(draw(*shape))
        d["entropies"] = 2 * uniform(*shape)
        case("t1", lambda d, **s: score_function(d, "tokenMean", **{**dict(beta=0.01, entropyBonus=0.003), **s}), d)
        case("t1", lambda d, **s: score_function(d, "tokenMean", **{**dict(beta=0.01, entropyBonus=0.003), **s}), d, beta=0.4, entropyBonus=0.2, estimator="k3")
        case("kimi-mirror-descent", kimi, {**per_row(draw(*shape)), "weights": torch.ones(shape)})
        case("kimi-mirror-descent", kimi, {**per_row(draw(*shape)), "weights": torch.ones(shape)}, tau=1.5)
        d = per_row(draw(*shape))
        d["entropies"], d["scores"] = 2 * uniform(*shape), marked(shape, "refinement")
        case("critique-grpo", critique_grpo, d)
        case("critique-grpo", critique_grpo, d, shaping=0.5, entropyBonus=0.1, length=5)
        d = per_token(draw(*shape))
        d["scores"] = marked(shape, "replayed")
        case("spear", spear, d)
        case("spear", spear, d, covarianceLow=-0.3, covarianceHigh=0.6, covarianceShare=0.3, imitation=0.4, length=3)
        case("spiral", lambda d: grpo(d, normaliser="constant"), per_row(draw(*shape)))
        case("ssr-zero", lambda d: grpo(d, beta=0.01), per_row(draw(*shape)))
        for settings in [dict(), dict(weighting="standardised", normaliser="tokenMean"), dict(weighting="equal", floor=0.5, negatives=0.3)]:
            case("nft", nft, outcomes(draw(shape[0] + 3, shape[1])), **settings)
        for settings in [dict(), dict(threshold=0.2, headFactor=0.3, beta=0.5), dict(weighsTokens=False, wrongFactor=2.0)]:
            d = outcomes(per_row(draw(shape[0] + 1, shape[1])))
            d["scores"] = {"credit": 2 * normal(shape[0] + 1, shape[1])}
            case("oreal", oreal, d, **settings)
        case("mdpo", mirror, per_token(draw(*shape)))
        case("mdpo", mirror, per_token(draw(*shape)), step=0.2, normaliser="sequenceMean")
        case("magnetic-mirror-descent", lambda d: mirror(d, alpha=0.05, normaliser="rowSum"), per_token(draw(*shape)))
        case("magnetic-mirror-descent", lambda d, alpha, step: mirror(d, step, alpha, "rowSum"), per_token(draw(*shape)), alpha=0.6, step=3.0)
        case("r-nad", r_nad, per_token(draw(*shape)))
        case("r-nad", r_nad, per_token(draw(*shape)), eta=0.7, largestWeight=1.1, normaliser="tokenMean")
        case("awr", awr, per_token(draw(*shape)))
        case("awr", awr, per_token(draw(*shape)), temperature=0.3, largestWeight=4.0, normaliser="sequenceMean")


clipped_family()
other_families()
print(json.dumps(cases))
