"""Measures fashion-dino on the test images and writes the figures to its manifest."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import flows
import manifest
import trained
from loop import DEVICE
from towers import TEXT
from train_dino import embed

NEIGHBOURS = 20
SEED = 61_001
STARTS = 500  # real images from which the agreement of x-predictions and samples is measured
STEPS = 8  # from the noise level to the sample


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
        "self_supervised": _agreement(cache, network.encoder, manifest.read(folder)["self_supervised"]["noise_level"]),
        "quality": {
            "linear_probe_accuracy": _share(logits.argmax(dim=1) == labels),
            "knn_accuracy": _share(neighbours == labels), "knn_neighbours": NEIGHBOURS,
            "largest_logit": round(float(logits.abs().max()), 1),
        },
    })


def _share(hits: torch.Tensor) -> float:
    return round(float(hits.float().mean()), 4)


def _nearest(embeddings: torch.Tensor, known: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The commonest class [N] among the nearest training images, by the cosine of the embeddings."""
    known = F.normalize(known, dim=1)
    votes = [labels[(F.normalize(part, dim=1) @ known.T).topk(NEIGHBOURS).indices]
             for part in embeddings.split(250)]
    return torch.cat(votes).mode(dim=1).values


@torch.no_grad()
def _agreement(cache: Path, encoder: torch.nn.Module, noise_level: float) -> dict:
    """The cosine of x-prediction and sample of fashion-flow, where the path starts from a real image with noise."""
    images, labels = (values[:STARTS] for values in data.load("t10k"))
    network, generator = trained.denoiser(cache, flows.LARGE), torch.Generator().manual_seed(SEED)
    label, text = torch.from_numpy(labels).to(DEVICE), torch.zeros(STARTS, TEXT, device=DEVICE)
    x = torch.lerp(torch.from_numpy(images), torch.randn(images.shape, generator=generator), noise_level).to(DEVICE)
    for i in range(STEPS):
        t = torch.full((STARTS,), noise_level * (1 - i / STEPS), device=DEVICE)
        velocity = network(x, t, label, text, torch.ones(network.size.skips, device=DEVICE))
        if i == 0:
            predicted = x - noise_level * velocity
        x = x - noise_level / STEPS * velocity
    first, last = (embed(encoder, np.clip(part.cpu().numpy(), -1, 1)) for part in (predicted, x))
    cosine = F.cosine_similarity(first, last)
    return {"noise_level": noise_level, "real_mean": round(float(cosine.mean()), 4),
            "real_standard_deviation": round(float(cosine.std()), 4)}
