"""Real images in the eyes of fashion-features, and what it says about generated ones."""

from pathlib import Path

import numpy as np
import torch

import data
import metrics
import trained
from loop import DEVICE

SEED = 50_021
SAMPLES = 1000


class Judge:
    """Compares sets of images [N, 1, 32, 32] in the feature space of fashion-features."""

    def __init__(self, cache: Path):
        self.network = trained.classifier(cache)
        test, labels = data.load("t10k")
        order = np.random.default_rng(SEED).permutation(len(labels))
        self.reference, self.other = (test[order[i * SAMPLES:(i + 1) * SAMPLES]] for i in range(2))
        self.reference_features = self.see(self.reference)[0]

    @torch.no_grad()
    def _outputs(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = [self.network(torch.from_numpy(images[i:i + 500]).to(DEVICE)) for i in range(0, len(images), 500)]
        features, logits = (torch.cat(values).cpu().numpy() for values in zip(*parts))
        return features, logits

    def see(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """-> features [N, 128], classes [N]"""
        features, logits = self._outputs(images)
        return features, logits.argmax(axis=1)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """-> [N, 10]"""
        return self._outputs(images)[1]

    def distances(self, images: np.ndarray, training: np.ndarray) -> dict:
        """Figures of a generated set; training: images that it might have copied."""
        seen = self.see(images)[0]
        precision, recall = metrics.precision_recall(self.reference_features, seen)
        nearest = metrics.nearest(images.reshape(len(images), -1), training.reshape(len(training), -1))
        return {
            "fid_fashion_features": round(metrics.frechet(self.reference_features, seen), 3),
            "precision": round(precision, 4), "recall": round(recall, 4),
            "nearest_training_image": round(float(np.median(nearest)), 3),
        }
