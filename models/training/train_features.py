"""Trains fashion-features, the held-out judge: a classifier whose features measure the other models."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
from classifier import Classifier
from loop import DEVICE, Run, learning_rate, mixed_precision

SEED = 20_011
BATCH = 128
EPOCHS = 9
PEAK = 2e-3


def _augment(images: torch.Tensor) -> torch.Tensor:
    """Shifts the batch by up to two pixels and mirrors half of it: [N, 1, 32, 32] -> the same."""
    dy, dx = (int(torch.randint(-2, 3, ())) for _ in range(2))
    images = torch.roll(images, (dy, dx), (2, 3))
    mirrored = torch.rand(len(images), 1, 1, 1) < 0.5
    return torch.where(mirrored, images.flip(3), images)


@torch.no_grad()
def accuracy(network: Classifier, images: np.ndarray, labels: np.ndarray) -> float:
    network.eval()
    hits = 0
    for i in range(0, len(images), 500):
        _, logits = network(torch.from_numpy(images[i:i + 500]).to(DEVICE))
        hits += (logits.argmax(1).cpu().numpy() == labels[i:i + 500]).sum()
    return float(hits / len(images))


def train(cache: Path) -> None:
    torch.manual_seed(SEED)
    images, labels = data.load("train")
    network = Classifier().to(DEVICE)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.02)
    run = Run(cache / "features.pt", network=network, optimizer=optimizer)
    steps_per_epoch = len(images) // BATCH
    steps = EPOCHS * steps_per_epoch

    while run.step < steps:
        network.train()
        for rows in np.array_split(np.random.default_rng([SEED, run.step]).permutation(len(images)), steps_per_epoch):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(run.step, steps, PEAK, 200, 0.1)
            x = _augment(torch.from_numpy(images[rows])).to(DEVICE)
            with mixed_precision():
                _, logits = network(x)
            loss = F.cross_entropy(logits.float(), torch.from_numpy(labels[rows]).to(DEVICE), label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            run.step += 1
        run.save()
        print(f"features step {run.step}/{steps} loss {loss.item():.3f} "
              f"test {accuracy(network, *data.load('t10k')):.4f} {run.elapsed():.0f} s", flush=True)
