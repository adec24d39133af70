"""What real images, and samples that no search chose, look like to fashion-features; kept beside it for FID and recall."""

import struct
from pathlib import Path

import numpy as np
import torch

import data
import flows
import manifest
import trained
from judge import Judge
from sampler import sample
from towers import TEXT

SEED = 51_001
BASE = 256
BASE_STEPS = 10


def write(cache: Path, folder: Path) -> None:
    """Writes the three files and names them in the manifest.

    The features are those of the reference images of models/README.md, then of the other real images with which it
    compares them; the statistics are of the former alone.
    """
    judge = Judge(cache)
    _statistics(folder / "reference_statistics.bin", judge.reference_features)
    _vectors(folder / "reference_features.bin", np.concatenate([judge.reference_features, judge.see(judge.other)[0]]))
    _statistics(folder / "base_statistics.bin", judge.see(_base(cache))[0])
    manifest.update(folder, {
        "references": {name: manifest.entry(folder / file) for name, file in (
            ("statistics", "reference_statistics.bin"), ("features", "reference_features.bin"),
            ("base", "base_statistics.bin"))},
        **_scores(judge, manifest.read(folder)["quality"]),
    })


def _base(cache: Path) -> np.ndarray:
    """Unsearched samples of fashion-flow, the classes in equal parts as far as the number goes: [BASE, 1, 32, 32]."""
    labels = torch.arange(BASE) % len(data.CLASSES)
    network = trained.denoiser(cache, flows.LARGE)
    return sample(network, labels, torch.zeros(BASE, TEXT), steps=BASE_STEPS, guidance=1, seed=SEED).numpy()


def _scores(judge: Judge, quality: dict) -> dict:
    """Of the true class over all test images: what an oracle would say of real ones."""
    images, labels = data.load("t10k")
    logits = torch.from_numpy(judge.logits(images)).double()
    rows = range(len(labels))
    probability, logit = (_scale(values[rows, labels]) for values in (logits.softmax(dim=1), logits))
    return {"score": {"range": [0, 1]} | probability, "quality": quality | {"true_class_logit": logit}}


def _scale(values: torch.Tensor) -> dict:
    return {"real_mean": round(float(values.mean()), 4), "real_standard_deviation": round(float(values.std()), 4)}


def _statistics(path: Path, features: np.ndarray) -> None:
    """Little-endian: int64 count, int64 dimension d, float64 mean [d], float64 covariance [d, d] with N - 1."""
    features = features.astype(np.float64)
    content = np.concatenate([features.mean(axis=0), np.cov(features, rowvar=False).ravel()])
    path.write_bytes(struct.pack("<qq", *features.shape) + content.astype("<f8").tobytes())


def _vectors(path: Path, features: np.ndarray) -> None:
    """Little-endian: int64 count, int64 dimension d, float32 [count, d]."""
    path.write_bytes(struct.pack("<qq", *features.shape) + features.astype("<f4").tobytes())
