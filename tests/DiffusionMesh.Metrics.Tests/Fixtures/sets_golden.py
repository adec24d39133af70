"""Prints the golden values of ManifoldTests, InceptionScoreTests, RankCorrelationTests and IntervalsTests.

Needs numpy; run with numpy 1.24.2 on Python 3.11. Everything is taken from the definition, pair by pair.
"""

import itertools
import math
import sys

import numpy as np


def features(count: int, dimension: int, seed: int) -> np.ndarray:
    """The vectors that the tests make: sums of sines of integers, rounded to fp32."""
    n, d = np.arange(count)[:, None].astype(np.float64), np.arange(dimension)[None].astype(np.float64)
    return (np.sin(n * (d + 1) + seed) + 0.5 * np.cos(n * n + d * seed) + 0.1 * seed).astype(np.float32)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sqrt(((a[:, None].astype(np.float64) - b[None].astype(np.float64)) ** 2).sum(axis=2))


def coverage(points: np.ndarray, manifold: np.ndarray, k: int) -> float:
    radii = np.sort(distances(manifold, manifold), axis=1)[:, k]
    return float((distances(points, manifold) <= radii[None]).any(axis=1).mean())


def probabilities(count: int, classes: int, seed: int) -> np.ndarray:
    logits = 2 * features(count, classes, seed).astype(np.float64)
    p = np.exp(logits)
    return (p / p.sum(axis=1, keepdims=True)).astype(np.float32)


def inception_score(p: np.ndarray, splits: int) -> float:
    p = p.astype(np.float64)
    scores = []
    for i in range(splits):
        part = p[i * len(p) // splits:(i + 1) * len(p) // splits]
        scores.append(math.exp((part * (np.log(part) - np.log(part.mean(axis=0)))).sum(axis=1).mean()))
    return float(np.mean(scores))


def average_ranks(x: np.ndarray) -> np.ndarray:
    return np.array([(x < v).sum() + ((x == v).sum() + 1) / 2 for v in x])


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(average_ranks(x), average_ranks(y))[0, 1])


def kendall_tau_b(x: np.ndarray, y: np.ndarray) -> float:
    pairs = [(np.sign(a - c), np.sign(b - d)) for (a, b), (c, d) in itertools.combinations(zip(x, y), 2)]
    concordant, discordant = sum(s * t > 0 for s, t in pairs), sum(s * t < 0 for s, t in pairs)
    only_x, only_y = sum(s != 0 and t == 0 for s, t in pairs), sum(s == 0 and t != 0 for s, t in pairs)
    both = concordant + discordant
    return float((concordant - discordant) / math.sqrt((both + only_x) * (both + only_y)))


def t_quantile(freedom: int) -> float:
    """97.5 % quantile of Student's t, from its density by Simpson's rule and bisection."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def mass(t: float) -> float:
        x = np.linspace(0, t, 20001)
        y = scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
        return float((y[0] + y[-1] + 4 * y[1:-1:2].sum() + 2 * y[2:-2:2].sum()) * t / 20000 / 3)

    low, high = 0.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if mass(middle) < 0.475 else (low, middle)
    return low


print("python", sys.version.split()[0], "numpy", np.__version__)
for n1, n2, d, k in ((60, 80, 4, 3), (200, 150, 8, 3), (100, 100, 6, 5)):
    real, generated = features(n1, d, 1), features(n2, d, 2) * np.float32(0.8)
    print("precision and recall", n1, n2, d, k, coverage(generated, real, k), coverage(real, generated, k))
for n, c, s in ((10, 4, 1), (97, 10, 10), (100, 10, 10)):
    print("inception score", n, c, s, repr(inception_score(probabilities(n, c, 3), s)))
x = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], dtype=np.float64)
y = np.array([2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4], dtype=np.float64)
print("spearman", repr(spearman(x, y)), "kendall", repr(kendall_tau_b(x, y)))
mean, error = x.mean(), x.std(ddof=1) / math.sqrt(len(x))
print("mean", repr(mean), repr(mean - t_quantile(10) * error), repr(mean + t_quantile(10) * error))
difference = y - x
error = difference.std(ddof=1) / math.sqrt(len(x))
print("difference", repr(difference.mean()), repr(difference.mean() - t_quantile(10) * error), repr(difference.mean() + t_quantile(10) * error))
print("t", [round(t_quantile(n), 6) for n in (1, 4, 9, 49, 999)])
