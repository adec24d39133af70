"""Samples of the denoiser: Euler steps of the probability-flow ODE with classifier-free guidance."""

import torch

from denoiser import CLASS_NONE, SKIPS, Denoiser
from loop import DEVICE


@torch.no_grad()
def sample(network: Denoiser, labels: torch.Tensor, texts: torch.Tensor, *, steps: int, guidance: float,
           seed: int, batch: int = 250) -> torch.Tensor:
    """labels [N] (CLASS_NONE: none), texts [N, TEXT] (zeros: none) -> images [N, 1, 32, 32], clipped to [-1, 1].

    Uniform times from t = 1 (noise) to 0; guided velocity u + w (c - u), so that w = 1 is one row a step.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(len(labels), 1, 32, 32, generator=generator)
    skip_scale = torch.ones(SKIPS, device=DEVICE)
    finished = []
    for x, label, text in zip(noise.split(batch), labels.split(batch), texts.split(batch)):
        x, label, text = x.to(DEVICE), label.to(DEVICE), text.to(DEVICE)
        for i in range(steps):
            t = torch.full((len(x),), 1 - i / steps, device=DEVICE)
            velocity = network(x, t, label, text, skip_scale)
            if guidance != 1:
                free = network(x, t, torch.full_like(label, CLASS_NONE), torch.zeros_like(text), skip_scale)
                velocity = free + guidance * (velocity - free)
            x = x - velocity / steps
        finished.append(x.clamp(-1, 1).cpu())
    return torch.cat(finished)
