"""Trains fashion-aesthetic to rank pristine images over degraded ones, and weakly over strongly degraded ones.

No human preference is in it: what it knows of taste is that a photograph is better unspoilt.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import degradations
from aesthetic import Head
from loop import DEVICE, Run, learning_rate
from towers import ImageEncoder

SEED = 70_001
IMAGES = 2_000
BATCH = 256
STEPS = 600
PEAK = 4e-3
WEAK, FURTHER = (0.05, 0.5), (0.2, 0.5)  # the weak strength, and how much stronger the strong one is


@torch.no_grad()
def embed(encoder: ImageEncoder, images: np.ndarray) -> torch.Tensor:
    """images [N, 1, 32, 32] -> unit vectors [N, EMBEDDING]"""
    return torch.cat([encoder(torch.from_numpy(images[i:i + 500]).to(DEVICE)) for i in range(0, len(images), 500)])


def degraded(encoder: ImageEncoder, images: np.ndarray, kinds, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Every image under every kind, weakly and strongly: two of [K, N, EMBEDDING]."""
    weak, strong = [], []
    for number, kind in enumerate(kinds):
        generator = np.random.default_rng([seed, number])
        low = generator.uniform(*WEAK, len(images)).astype(np.float32)
        high = low + generator.uniform(*FURTHER, len(images)).astype(np.float32)
        weak.append(embed(encoder, kind(images, low, generator)))
        strong.append(embed(encoder, kind(images, high, generator)))
    return torch.stack(weak), torch.stack(strong)


def train(cache: Path, encoder: ImageEncoder) -> None:
    torch.manual_seed(SEED)
    head = Head().to(DEVICE)
    optimizer = torch.optim.AdamW(head.parameters(), weight_decay=0.05)
    run = Run(cache / "aesthetic.pt", network=head, optimizer=optimizer)
    if run.step >= STEPS:
        return
    images = data.load("train")[0]
    chosen = images[np.random.default_rng(SEED).permutation(len(images))[:IMAGES]]
    pristine = embed(encoder, chosen)
    weak, strong = degraded(encoder, chosen, degradations.SEEN, SEED)

    while run.step < STEPS:
        rows = torch.randint(len(pristine), (BATCH,), device=DEVICE)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(run.step, STEPS, PEAK, 50, 0.1)
        p, w, s = head.net(pristine[rows])[None], head.net(weak[:, rows]), head.net(strong[:, rows])
        error = sum(F.softplus(worse - better).mean() for better, worse in ((p, w), (w, s), (p, s)))
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        run.step += 1
    with torch.no_grad():
        head.calibrate(float(head.net(pristine).mean()), float(head.net(strong).mean()))
    run.save()
    print(f"aesthetic step {run.step}/{STEPS} loss {error.item():.3f} {run.elapsed():.0f} s", flush=True)
