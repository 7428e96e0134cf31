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
        ret, old = s["return"] * R.m, s["oldValue"] * R.m
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


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


cases = []


def case(objective, formula, d, **settings):
    d = {k: {n: short(x) for n, x in v.items()} if isinstance(v, dict) else short(v) for k, v in d.items()}
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
            d["scores"] = {"values": old + 0.3 * normal(*shape), "return": normal(*shape), "oldValue": old}
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


clipped_family()
print(json.dumps(cases))
