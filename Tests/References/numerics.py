"""Reference values of statistics from SciPy and NumPy.

Run: python3 Tests/References/numerics.py > Tests/HoneNumericsTests/Fixtures/numerics.json
"""
import json
import math
from fractions import Fraction
import numpy as np
from scipy import special, stats

rng = np.random.default_rng(7)
probabilities = [1e-10, 1e-4, 0.02, 0.02425, 0.1, 0.3, 0.5, 0.77, 0.975, 0.98, 0.9999]
out = {
    "normal": [[p, stats.norm.ppf(p)] for p in probabilities],
    "student": [[p, v, stats.t.ppf(p, v)] for p in [0.01, 0.3, 0.6, 0.9, 0.975, 0.995] for v in [1, 2, 3, 7, 30, 199, 1000]],
    "studentCDF": [[t, v, stats.t.cdf(t, v)] for t in [-3.0, -0.2, 0.0, 0.01, 1.5, 8.0] for v in [1, 4, 60]],
    "beta": [[a, b, x, special.betainc(a, b, x)] for a in [0.5, 1, 2.5, 40] for b in [0.5, 3, 25] for x in [0.01, 0.3, 0.5, 0.9, 0.999]],
    "wilson": [],
    "mean": [],
    "pass": [],
    "clustered": [],
}
for k, n in [(0, 1), (0, 40), (3, 10), (40, 40), (77, 200), (1, 1000)]:
    ci = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    out["wilson"].append([k, n, ci.low, ci.high])
for n in [2, 5, 40]:
    values = rng.normal(3, 2, n)
    low, high = stats.t.interval(0.95, n - 1, loc=values.mean(), scale=stats.sem(values))
    out["mean"].append({"values": values.tolist(), "mean": values.mean(), "low": low, "high": high, "variance": values.var(ddof=1),
                        "population": values.var(), "logSumExp": float(special.logsumexp(values)),
                        "entropy": float(stats.entropy(np.abs(values))), "quantile": float(np.quantile(values, 0.3))})
for n, c, k in [(1, 0, 1), (5, 2, 1), (5, 2, 3), (10, 1, 10), (100, 3, 10), (200, 50, 100), (8, 8, 3), (8, 0, 3)]:
    out["pass"].append([n, c, k, float(1 - Fraction(math.comb(n - c, k), math.comb(n, k)))])
for sizes in [[3, 3, 3], [1, 4, 2, 9]]:
    clusters = [rng.normal(rng.normal(0, 1), 0.5, s) for s in sizes]
    flat = np.concatenate(clusters)
    g = len(sizes)
    residuals = np.array([(c - flat.mean()).sum() for c in clusters])
    error = math.sqrt(g / (g - 1) * (residuals**2).sum() / len(flat) ** 2)
    out["clustered"].append({"clusters": [c.tolist() for c in clusters], "error": error})
print(json.dumps(out, default=float))
