"""Distances between sets of feature vectors, each set [N, D]."""

import numpy as np


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """|m1 - m2|^2 + Tr(S1 + S2 - 2 (S1 S2)^(1/2)), covariances with N - 1 (arXiv 1706.08500).

    The trace of the root is the sum of the singular values of S1^(1/2) S2^(1/2).
    """
    a, b = a.astype(np.float64), b.astype(np.float64)
    s1, s2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    shift = a.mean(axis=0) - b.mean(axis=0)
    cross = np.linalg.svd(_root(s1) @ _root(s2), compute_uv=False).sum()
    return float(shift @ shift + np.trace(s1) + np.trace(s2) - 2 * cross)


def _root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Euclidean, [N, M]."""
    squares = (a ** 2).sum(1)[:, None] + (b ** 2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0))


def precision_recall(real: np.ndarray, generated: np.ndarray, k: int = 3) -> tuple[float, float]:
    """Share of each set inside the other's manifold: within some member's distance to its k-th neighbour.

    Kynkaanniemi et al., arXiv 1904.06991; a vector is no neighbour of itself.
    """
    def covered(points, manifold):
        radii = np.sort(distances(manifold, manifold), axis=1)[:, k]  # column 0 is the vector itself
        return float((distances(points, manifold) <= radii[None]).any(axis=1).mean())
    return covered(generated, real), covered(real, generated)


def nearest(points: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest vector of the other set, [N]."""
    return np.concatenate([distances(part, among).min(axis=1) for part in np.array_split(points, len(points) // 250 + 1)])
