"""Fashion-MNIST, padded to 32x32 and scaled to [-1, 1]."""

import gzip
import os
from pathlib import Path

import numpy as np

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)
SIZE = 32
FOLDER = Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))  # of Debian's dataset-fashion-mnist


def load(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Split "train" or "t10k" -> images float32 [N, 1, 32, 32] in [-1, 1] (black is -1), labels int64 [N]."""
    with gzip.open(FOLDER / f"{split}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8).astype(np.int64)
    with gzip.open(FOLDER / f"{split}-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    margin = (SIZE - 28) // 2
    pixels = np.pad(pixels, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    return pixels.astype(np.float32) / 127.5 - 1, labels
