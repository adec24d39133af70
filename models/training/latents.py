"""States of fashion-latent: standardised latents of the autoencoder, state = (latent - shift) * scale."""

from dataclasses import dataclass
from pathlib import Path

import torch

import data
import trained
from autoencoder import CHANNELS, FACTOR
from loop import DEVICE

SHAPE = (CHANNELS, data.SIZE // FACTOR, data.SIZE // FACTOR)
MEASURED = 10_000  # training images of which scale and shift are taken


@dataclass(frozen=True)
class Scaling:
    scale: float
    shift: float


@torch.no_grad()
def encode(cache: Path, images: torch.Tensor) -> torch.Tensor:
    """Images [N, 1, 32, 32] -> the means of their latents, not standardised, [N, 4, 8, 8]."""
    encoder = trained.autoencoder(cache).encoder
    return torch.cat([encoder(part.to(DEVICE))[0] for part in images.split(500)])


def scaling(cache: Path, images: torch.Tensor) -> Scaling:
    """One factor and one shift for all channels, of the first training images."""
    latents = encode(cache, images[:MEASURED])
    return Scaling(scale=round(1 / float(latents.std()), 4), shift=round(float(latents.mean()), 4))


def states(cache: Path, images: torch.Tensor) -> torch.Tensor:
    """Training images -> what the flow is trained on, [N, 4, 8, 8]."""
    of = scaling(cache, images)
    return (encode(cache, images) - of.shift) * of.scale


class Decode:
    """States [N, 4, 8, 8] -> images [N, 1, 32, 32]."""

    def __init__(self, cache: Path, of: Scaling):
        self.decoder, self.scaling = trained.autoencoder(cache).decoder, of

    @torch.no_grad()
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return self.decoder(x / self.scaling.scale + self.scaling.shift)
