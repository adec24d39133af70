"""Trains the autoencoder of fashion-latent: a variational one whose divergence weighs little (arXiv 2112.10752)."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import workers
from autoencoder import CHANNELS, FACTOR, Autoencoder
from loop import DEVICE, Average, Run, learning_rate, mixed_precision

SEED = 42_013
STEPS = 4_608
BATCH = 64
PEAK = 2e-3
DIVERGENCE = 1e-5  # weight of the divergence, per nat and image, beside the absolute errors of a pixel
MEET_EVERY = 8
SAVE_EVERY = 512


def train(cache: Path) -> None:
    images = torch.from_numpy(data.load("train")[0]).to(DEVICE)
    workers.launch(_work, cache, images)


def _work(rank: int, world: int, cache: Path, images: torch.Tensor) -> None:
    """One of the processes: images [N, 1, 32, 32]."""
    torch.manual_seed(SEED)
    network = Autoencoder().to(DEVICE).train()
    optimizer = torch.optim.AdamW(network.parameters(), betas=(0.9, 0.99), weight_decay=0.01)
    average = Average(network, 0.98)
    run = Run(cache / "autoencoder.pt", network=network, average=average.network, optimizer=optimizer)
    share, side = BATCH // world, data.SIZE // FACTOR
    generator = torch.Generator(DEVICE)
    recent = []

    while run.step < STEPS:
        generator.manual_seed((SEED + run.step) * world + rank)
        rows = torch.randint(len(images), (share,), generator=generator, device=DEVICE)
        noise = torch.randn(share, CHANNELS, side, side, generator=generator, device=DEVICE)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(run.step, STEPS, PEAK, 200, 0.4)
        with mixed_precision():
            seen, divergence = network(images[rows], noise)
        error = F.l1_loss(seen.float(), images[rows])
        loss = error + _edges(seen.float(), images[rows]) + DIVERGENCE * divergence.float().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        run.step += 1
        recent.append((error.item(), divergence.mean().item()))
        if run.step % MEET_EVERY == 0:
            workers.average_weights(network)
            average.update(network, run.step // MEET_EVERY)
        if rank == 0 and (run.step % SAVE_EVERY == 0 or run.step >= STEPS):
            run.save()
            error, divergence = np.mean(recent, axis=0)
            print(f"autoencoder step {run.step}/{STEPS} absolute error {error:.4f} divergence {divergence:.0f} nats "
                  f"{run.elapsed():.0f} s", flush=True)
            recent.clear()


def _edges(seen: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """Absolute error of the differences between neighbours, so that textures are not smoothed away."""
    return sum(F.l1_loss(seen.diff(dim=dim), images.diff(dim=dim)) for dim in (2, 3))
