"""Reference values of ratings and population measures.

Needs numpy, scipy, statsmodels, trueskill (TrueSkill) and open_spiel with matplotlib (alpha-rank, replicator dynamics).
Run: python3 Tests/References/populations.py > Tests/HoneNumericsTests/Fixtures/populations.json
"""
import json
import math

import numpy as np
import trueskill
from open_spiel.python.algorithms.projected_replicator_dynamics import projected_replicator_dynamics
from open_spiel.python.egt import alpharank
from scipy import optimize, special
from statsmodels.stats.proportion import confint_proportions_2indep

rng = np.random.default_rng(11)
out = {"elo": [], "skills": [], "alpharank": [], "alpharankPairs": [], "replicator": [], "entropyNash": [], "newcombe": []}
SCALE = 400 / math.log(10)

# Bradley-Terry with a prior of drawn games against a player at 0, by a general optimiser.
for n, games, prior in [(2, 10, 1.0), (4, 12, 1.0), (6, 30, 0.5), (5, 40, 0.0)]:
    truth = rng.normal(0, 1, n)
    meetings = []
    for i in range(n):
        for j in range(i + 1, n):
            if n > 4 and (i + j) % 4 == 0:
                continue
            p = special.expit(truth[i] - truth[j])
            wins, draws, losses = rng.multinomial(games, [p * 0.8, 0.2, (1 - p) * 0.8])
            meetings.append([i, j, int(wins), int(draws), int(losses)])

    def loss(theta):
        total = 0.0
        for i, j, w, d, l in meetings:
            total -= (w + d / 2) * special.log_expit(theta[i] - theta[j]) + (l + d / 2) * special.log_expit(theta[j] - theta[i])
        return total - prior / 2 * np.sum(special.log_expit(theta) + special.log_expit(-theta))

    def information(theta):
        h = np.zeros((n, n))
        for i, j, w, d, l in meetings:
            p = special.expit(theta[i] - theta[j])
            v = (w + d + l) * p * (1 - p)
            h[i, i] += v
            h[j, j] += v
            h[i, j] -= v
            h[j, i] -= v
        p = special.expit(theta)
        return h + np.diag(prior * p * (1 - p))

    start = np.zeros(n)
    found = optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-10}).x
    centring = np.eye(n) - 1 / n
    covariance = centring @ np.linalg.pinv(information(found)) @ centring
    out["elo"].append({"meetings": meetings, "prior": prior, "ratings": (SCALE * (found - found.mean())).tolist(),
                       "errors": (SCALE * np.sqrt(np.diag(covariance))).tolist()})

# TrueSkill.
for draw, skills, places in [
    (0.1, [(25, 25 / 3), (25, 25 / 3)], [0, 1]), (0.1, [(25, 25 / 3), (25, 25 / 3)], [0, 0]), (0.1, [(30, 4), (20, 2)], [1, 0]),
    (0.3, [(33, 1.5), (12, 6)], [0, 0]), (0.0, [(25, 8), (28, 1)], [0, 1]), (0.1, [(60, 1), (5, 1)], [1, 0]),
    (0.1, [(25, 25 / 3)] * 3, [0, 1, 2]), (0.1, [(25, 25 / 3)] * 4, [0, 1, 1, 2]),
    (0.1, [(31, 3), (24, 7), (18, 2), (25, 25 / 3), (29, 5)], [3, 0, 2, 2, 1]), (0.25, [(25, 25 / 3)] * 8, [0, 1, 2, 3, 4, 5, 6, 7]),
]:
    environment = trueskill.TrueSkill(draw_probability=draw, backend="scipy")
    rated = environment.rate([(environment.create_rating(*s),) for s in skills], ranks=places, min_delta=1e-13)
    out["skills"].append({"draw": draw, "skills": skills, "places": places, "updated": [[r[0].mu, r[0].sigma] for r in rated]})

# alpha-rank.
rps = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=float)
biased = np.array([[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]])
random = rng.integers(-3, 4, (5, 5)) / 3.0
for table in [rps, biased, random]:
    for alpha, m in [(0.1, 50), (1.0, 50), (3.0, 10)]:
        pi = alpharank.compute([table], m=m, alpha=alpha, use_local_selection_model=True)[2]
        out["alpharank"].append({"payoffs": table.tolist(), "alpha": alpha, "population": m, "perturbation": None, "masses": pi.tolist()})
    pi = alpharank.compute([table], use_inf_alpha=True, inf_alpha_eps=0.01)[2]
    out["alpharank"].append({"payoffs": table.tolist(), "alpha": None, "population": 50, "perturbation": 0.01, "masses": pi.tolist()})
sexes = [np.array([[3.0, 0], [0, 2]]), np.array([[2.0, 0], [0, 3]])]
rectangle = [rng.integers(0, 7, (2, 3)) / 4.0, rng.integers(0, 7, (2, 3)) / 4.0]
for tables in [sexes, [rps, -rps], rectangle]:
    for alpha, eps in [(0.1, None), (0.3, None), (None, 0.02)]:
        kind = {"m": 20, "alpha": alpha} if eps is None else {"use_inf_alpha": True, "inf_alpha_eps": eps}
        pi = alpharank.compute(tables, **kind)[2]
        out["alpharankPairs"].append({"row": tables[0].tolist(), "column": tables[1].tolist(), "alpha": alpha, "population": 20,
                                      "perturbation": eps, "masses": pi.tolist()})

# Projected replicator dynamics, averaged over time.
for table in [biased, np.array([[0, 0.4, -0.2, 0.1], [-0.4, 0, 0.6, 0.3], [0.2, -0.6, 0, -0.5], [-0.1, -0.3, 0.5, 0]])]:
    for floor in [1e-6, 0.05]:
        x, _ = projected_replicator_dynamics([table, -table], prd_iterations=3000, prd_dt=0.01, prd_gamma=floor)
        out["replicator"].append({"payoffs": table.tolist(), "steps": 3000, "size": 0.01, "floor": floor, "probabilities": x.tolist()})

# The equilibrium of largest entropy of a symmetric zero-sum game.
clones = np.array([[0, 0, -1, 1], [0, 0, -1, 1], [1, 1, 0, -1], [-1, -1, 1, 0]], dtype=float)
# Players 0 to 2 play rock-paper-scissors, players 3 to 5 the same among themselves, all draw across.
twice = np.zeros((6, 6))
twice[:3, :3] = rps
twice[3:, 3:] = rps
slack = np.array([[0, 0, 0.3], [0, 0, -0.1], [-0.3, 0.1, 0]])
dominated = np.array([[0, 1, 1, 1], [-1, 0, 1, -1], [-1, -1, 0, 1], [-1, 1, -1, 0]], dtype=float)
for table in [rps, biased, clones, twice, slack, dominated]:
    n = len(table)
    best = None
    for start in [np.ones(n) / n] + [rng.dirichlet(np.ones(n)) for _ in range(6)]:
        found = optimize.minimize(
            lambda p: float(-np.sum(special.entr(np.maximum(p, 0)))), start, method="SLSQP", bounds=[(0, 1)] * n,
            constraints=[{"type": "eq", "fun": lambda p: p.sum() - 1}, {"type": "ineq", "fun": lambda p: -table @ p}],
            options={"ftol": 1e-14, "maxiter": 1000})
        if (table @ found.x).max() < 1e-8 and abs(found.x.sum() - 1) < 1e-9 and (best is None or found.fun < best.fun):
            best = found
    out["entropyNash"].append({"advantages": table.tolist(), "probabilities": best.x.tolist(), "entropy": -best.fun})

for a, n, b, m, level in [(56, 70, 48, 80, 0.95), (9, 10, 3, 10, 0.95), (10, 10, 0, 20, 0.95), (5, 56, 0, 29, 0.99), (30, 40, 31, 44, 0.9)]:
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=1 - level)
    out["newcombe"].append([a, n, b, m, level, low, high])
print(json.dumps(out))
