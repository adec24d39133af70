"""Samples of a denoiser by a deterministic sampler with classifier-free guidance."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

import forms
import solvers
import workers
from denoiser import CLASS_NONE
from loop import DEVICE


@dataclass(frozen=True)
class Space:
    """What states a denoiser works on, and how it says what it predicts."""

    form: object = field(default_factory=forms.LinearFlow)
    prediction: str = "velocity"
    shape: tuple[int, int, int] = (1, 32, 32)
    finish: Callable = functools.partial(torch.clamp, min=-1, max=1)  # states without noise -> images


PIXELS = Space()


def sample(network, labels: torch.Tensor, texts: torch.Tensor, *, steps: int, guidance: float, seed: int,
           space: Space = PIXELS, method=solvers.euler, grid=forms.uniform, batch: int = 125) -> torch.Tensor:
    """labels [N] (CLASS_NONE: none), texts [N, TEXT] (zeros: none) -> images [N, 1, 32, 32] in [-1, 1].

    method: one of solvers.py. Guidance is u + w (c - u), so that w = 1 is one row an evaluation.
    """
    points = [space.form.at(time) for time in grid(space.form, steps)]
    noise = torch.randn(len(labels), *space.shape, generator=torch.Generator().manual_seed(seed))
    parts = zip(noise.split(batch), labels.split(batch), texts.split(batch))
    work = [(network, *part, points, space.prediction, method, guidance) for part in parts]
    return space.finish(torch.cat(workers.spread(_integrate, work)))


@torch.no_grad()
def _integrate(network, noise: torch.Tensor, label: torch.Tensor, text: torch.Tensor, points: list[forms.Point],
               prediction: str, method, guidance: float) -> torch.Tensor:
    """The steps of one batch: noise [N, C, H, W] -> data of the same shape."""
    noise, label, text = noise.to(DEVICE), label.to(DEVICE), text.to(DEVICE)
    predict = solvers.predictor(network, prediction, label, text, CLASS_NONE, guidance)
    return method(predict, points, points[0].sigma * noise).cpu()
