"""Prints the golden values of FidTests. Needs numpy; run with numpy 1.24.2 on Python 3.11.

The distance is taken another way than in the code under test: from the eigenvalues of the product of the covariances.
"""

import sys

import numpy as np


def features(count: int, dimension: int, seed: int) -> np.ndarray:
    """The vectors that FidTests makes: sums of sines of integers, rounded to fp32."""
    n, d = np.arange(count)[:, None].astype(np.float64), np.arange(dimension)[None].astype(np.float64)
    return (np.sin(n * (d + 1) + seed) + 0.5 * np.cos(n * n + d * seed) + 0.1 * seed).astype(np.float32)


def moments(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    wide = vectors.astype(np.float64)
    return wide.mean(axis=0), np.cov(wide, rowvar=False)


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    (m1, s1), (m2, s2) = moments(a), moments(b)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(s1 @ s2).real, 0))
    return float(((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * roots.sum())


print("python", sys.version.split()[0], "numpy", np.__version__)
for n1, n2, d in ((40, 60, 5), (300, 200, 16), (500, 400, 32)):
    print(n1, n2, d, repr(frechet(features(n1, d, 1), features(n2, d, 2))))
