"""Samples of the denoiser: Euler steps of the probability-flow ODE with classifier-free guidance."""

import torch

import workers
from denoiser import CLASS_NONE, SKIPS, Denoiser
from loop import DEVICE


def sample(network: Denoiser, labels: torch.Tensor, texts: torch.Tensor, *, steps: int, guidance: float,
           seed: int, batch: int = 125) -> torch.Tensor:
    """labels [N] (CLASS_NONE: none), texts [N, TEXT] (zeros: none) -> images [N, 1, 32, 32], clipped to [-1, 1].

    Uniform times from t = 1 (noise) to 0; guided velocity u + w (c - u), so that w = 1 is one row a step.
    """
    noise = torch.randn(len(labels), 1, 32, 32, generator=torch.Generator().manual_seed(seed))
    parts = zip(noise.split(batch), labels.split(batch), texts.split(batch))
    return torch.cat(workers.spread(_integrate, [(network, *part, steps, guidance) for part in parts])).clamp(-1, 1)


@torch.no_grad()
def _integrate(network: Denoiser, x: torch.Tensor, label: torch.Tensor, text: torch.Tensor,
               steps: int, guidance: float) -> torch.Tensor:
    """The steps of one batch: noise x [N, 1, 32, 32] -> images of the same shape."""
    x, label, text = x.to(DEVICE), label.to(DEVICE), text.to(DEVICE)
    skip_scale = torch.ones(SKIPS, device=DEVICE)
    for i in range(steps):
        t = torch.full((len(x),), 1 - i / steps, device=DEVICE)
        velocity = network(x, t, label, text, skip_scale)
        if guidance != 1:
            free = network(x, t, torch.full_like(label, CLASS_NONE), torch.zeros_like(text), skip_scale)
            velocity = free + guidance * (velocity - free)
        x = x - velocity / steps
    return x.cpu()
