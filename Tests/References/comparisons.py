"""Reference values of comparisons from SciPy, statsmodels and scikit-learn.

Run: python3 Tests/References/comparisons.py > Tests/HoneNumericsTests/Fixtures/comparisons.json
Needs: scipy statsmodels scikit-learn pandas
"""
import json
import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from sklearn import metrics
from statsmodels.formula.api import ols
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.inter_rater import cohens_kappa

rng = np.random.default_rng(11)
out = {"crossed": [], "oneSeed": [], "corrections": [], "power": [], "kappa": [], "calibration": []}

for n, m, binary in [(6, 3, False), (12, 5, False), (20, 3, True), (4, 7, False), (30, 10, True)]:
    shift_p, shift_s = rng.normal(0, 0.5, (n, 1)), rng.normal(0, 0.3, (1, m))
    if binary:
        first = (rng.random((n, m)) < 0.4).astype(float)
        second = (rng.random((n, m)) < np.clip(0.55 + 0.3 * shift_p + 0.2 * shift_s, 0, 1)).astype(float)
    else:
        first, second = rng.normal(0, 1, (n, m)), rng.normal(0.4, 1, (n, m)) + shift_p + shift_s
    d = second - first
    frame = pd.DataFrame({"d": d.ravel(), "p": np.repeat(range(n), m), "s": np.tile(range(m), n)})
    table = sm.stats.anova_lm(ols("d ~ C(p) + C(s)", frame).fit(), typ=2)["sum_sq"]
    mp, ms, me = table["C(p)"] / (n - 1), table["C(s)"] / (m - 1), table["Residual"] / ((n - 1) * (m - 1))
    # The interval's definition (docs/decisions/0008), from statsmodels' mean squares and SciPy's t.
    many, few, kn, kf = (mp, ms, n - 1, m - 1) if m <= n else (ms, mp, m - 1, n - 1)
    a = max(0.0, many - me)
    df, se = (a + few) / (a / kn + few / kf), np.sqrt((a + few) / (n * m))
    low, high = stats.t.interval(0.95, df, loc=d.mean(), scale=se)
    out["crossed"].append({"first": first.tolist(), "second": second.tolist(), "squares": [mp, ms, me], "degrees": df, "error": se,
                           "difference": d.mean(), "low": low, "high": high, "p": 2 * stats.t.sf(abs(d.mean() / se), df)})
for n in (5, 40):
    first, second = rng.normal(0, 1, n), rng.normal(0.5, 1, n)
    test = stats.ttest_rel(second, first)
    ci = test.confidence_interval(0.9)
    out["oneSeed"].append({"first": first.tolist(), "second": second.tolist(), "p": test.pvalue, "low": ci.low, "high": ci.high})
for p in [[0.01], [0.04, 0.01, 0.03, 0.005], [0.2, 0.2, 0.9, 0.0, 1.0], rng.random(12).tolist(), (rng.random(9) ** 4).tolist()]:
    out["corrections"].append({"p": p, "holm": multipletests(p, method="holm")[1].tolist(),
                               "bh": multipletests(p, method="fdr_bh")[1].tolist()})
for n in [5, 12, 50, 300]:
    for power in [0.8, 0.9]:
        out["power"].append([n, power, float(TTestPower().solve_power(nobs=n, alpha=0.05, power=power))])
for k, n in [(2, 30), (4, 50), (5, 17)]:
    a = rng.integers(0, k, n)
    b = np.where(rng.random(n) < 0.6, a, rng.integers(0, k, n))
    counts = np.zeros((k, k))
    np.add.at(counts, (a, b), 1)
    out["kappa"].append({"first": a.tolist(), "second": b.tolist(), "categories": k,
                         "none": cohens_kappa(counts).kappa, "linear": cohens_kappa(counts, wt="linear").kappa,
                         "quadratic": cohens_kappa(counts, wt="quadratic").kappa})
for n, digits in [(30, 1), (200, 6)]:
    confidence = np.round(rng.random(n), digits)
    right = rng.random(n) < confidence ** 1.5
    right[:2] = [True, False]
    # Bins of width 1/10 with their upper end, by NumPy alone.
    place = np.clip(np.ceil(confidence * 10 - 1e-12).astype(int) - 1, 0, 9)
    ece = sum(abs(right[place == b].mean() - confidence[place == b].mean()) * (place == b).mean() for b in range(10) if (place == b).any())
    out["calibration"].append({"confidence": confidence.tolist(), "right": right.tolist(), "ece": ece,
                               "brier": metrics.brier_score_loss(right, confidence), "auroc": metrics.roc_auc_score(right, confidence)})
print(json.dumps(out, default=float))
