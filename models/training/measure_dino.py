"""Measures fashion-dino on the test images and writes the figures to its manifest."""

from pathlib import Path

import torch

import data
import manifest
import trained
from loop import DEVICE
from train_dino import embed

NEIGHBOURS = 20


def measure(cache: Path, folder: Path) -> None:
    network = trained.dino(cache)
    images, labels = data.load("t10k")
    labels = torch.from_numpy(labels).to(DEVICE)
    embeddings = embed(network.encoder, images)
    with torch.no_grad():
        logits = network.head(embeddings)
    true = logits.gather(1, labels[:, None])
    known, known_labels = data.load("train")
    neighbours = _nearest(embeddings, embed(network.encoder, known), torch.from_numpy(known_labels).to(DEVICE))
    manifest.update(folder, {
        "score": manifest.read(folder)["score"] | {"real_mean": round(float(true.mean()), 4),
                                                   "real_standard_deviation": round(float(true.std()), 4)},
        "quality": {
            "linear_probe_accuracy": _share(logits.argmax(dim=1) == labels),
            "knn_accuracy": _share(neighbours == labels), "knn_neighbours": NEIGHBOURS,
            "largest_logit": round(float(logits.abs().max()), 1),
        },
    })


def _share(hits: torch.Tensor) -> float:
    return round(float(hits.float().mean()), 4)


def _nearest(embeddings: torch.Tensor, known: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The commonest class [N] among the nearest training images, by the cosine of the embeddings, without labels' use."""
    known = torch.nn.functional.normalize(known, dim=1)
    votes = [labels[(torch.nn.functional.normalize(part, dim=1) @ known.T).topk(NEIGHBOURS).indices]
             for part in embeddings.split(250)]
    return torch.cat(votes).mode(dim=1).values
