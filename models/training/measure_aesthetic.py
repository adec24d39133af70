"""Measures fashion-aesthetic on the test images and writes the figures to its manifest."""

from pathlib import Path

import torch

import data
import degradations
import manifest
import trained
from towers import ImageEncoder
from train_aesthetic import degraded, embed

SEED = 71_011
IMAGES = 500


@torch.no_grad()
def measure(cache: Path, folder: Path, encoder: ImageEncoder) -> None:
    head = trained.aesthetic(cache)
    images = data.load("t10k")[0]
    scores = head(embed(encoder, images))[:, 0]
    manifest.update(folder, {
        "score": manifest.read(folder)["score"] | {"real_mean": round(float(scores.mean()), 4),
                                                   "real_standard_deviation": round(float(scores.std()), 4)},
        "quality": {
            "test_images": IMAGES,
            "seen": _ranking(head, encoder, images[:IMAGES], scores[:IMAGES], degradations.SEEN),
            "held_out": _ranking(head, encoder, images[:IMAGES], scores[:IMAGES], degradations.HELD_OUT),
        },
    })


def _ranking(head, encoder: ImageEncoder, images, pristine: torch.Tensor, kinds) -> dict:
    """For each kind, and for their mean, how often the better of two versions of an image scores higher.

    "unpaired" compares a pristine image with another one strongly degraded, as a search compares candidates.
    """
    weak, strong = (head(embeddings)[..., 0] for embeddings in degraded(encoder, images, kinds, SEED))
    kept = {"pristine_over_weak": pristine > weak, "pristine_over_strong": pristine > strong,
            "weak_over_strong": weak > strong, "unpaired": pristine.roll(1) > strong}
    shares = {name: hits.float().mean(dim=1) for name, hits in kept.items()}
    rows = {kind.__name__: {name: round(float(share[i]), 4) for name, share in shares.items()}
            for i, kind in enumerate(kinds)}
    return {"mean": {name: round(float(share.mean()), 4) for name, share in shares.items()}, "kinds": rows}
