"""The autoencoder of fashion-latent: images of one channel to latents of four at a quarter of the height and width.

Convolutions and group normalisation alone, so that any height and width in multiples of 4 work.
"""

import torch
import torch.nn.functional as F
from torch import nn

from denoiser import GroupNorm

CHANNELS = 4  # of a latent
FACTOR = 4  # pixels of the image per latent, in each direction
WIDTHS = 32, 64  # at half the image's resolution, at a quarter


class Block(nn.Module):
    """Two 3x3 convolutions around a shortcut: [N, C, H, W] -> the same shape."""

    def __init__(self, channels: int):
        super().__init__()
        self.norm1, self.norm2 = GroupNorm(8, channels), GroupNorm(8, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x):
        return x + self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))


class Encoder(nn.Module):
    """Images [N, 1, 4h, 4w] in [-1, 1] -> mean and log variance of the latents, each [N, CHANNELS, h, w]."""

    def __init__(self):
        super().__init__()
        fine, coarse = WIDTHS
        self.net = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(4, fine, 3, padding=1), Block(fine),
            nn.Conv2d(fine, coarse, 3, stride=2, padding=1), Block(coarse), Block(coarse),
            GroupNorm(8, coarse), nn.SiLU(), nn.Conv2d(coarse, 2 * CHANNELS, 3, padding=1))

    def forward(self, images):
        mean, log_variance = self.net(images).chunk(2, dim=1)
        return mean, log_variance.clamp(-20, 10)


class Decoder(nn.Module):
    """Latents [N, CHANNELS, h, w] -> images [N, 1, 4h, 4w]; clipped to [-1, 1] unless it is being trained."""

    def __init__(self):
        super().__init__()
        fine, coarse = WIDTHS
        self.coarse = nn.Sequential(nn.Conv2d(CHANNELS, coarse, 3, padding=1), Block(coarse), Block(coarse))
        self.up = nn.Conv2d(coarse, fine, 3, padding=1)
        self.fine = nn.Sequential(Block(fine), Block(fine), GroupNorm(8, fine), nn.SiLU(), nn.Conv2d(fine, 4, 3, padding=1))

    def forward(self, z):
        h = self.up(F.interpolate(self.coarse(z), scale_factor=2.0, mode="nearest"))
        images = F.pixel_shuffle(self.fine(h), 2)
        return images if self.training else images.clamp(-1, 1)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()

    def forward(self, images, noise):
        """images [N, 1, H, W], normal noise [N, CHANNELS, H/4, W/4] -> reconstruction, divergence of the latents.

        The divergence is that of each latent's distribution from the standard normal, in nats an image, [N].
        """
        mean, log_variance = self.encoder(images)
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).flatten(1).sum(dim=1)
        return self.decoder(mean + (0.5 * log_variance).exp() * noise), divergence
