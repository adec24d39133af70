"""The denoiser of the flow models: a U-Net that predicts the velocity of the linear flow.

With x = (1 - t) x0 + t eps (t = 1 is noise) the target is dx/dt = eps - x0.
Every operation treats rows of the batch independently, so a row's result does not depend on its neighbours.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

CLASS_NONE = 10
BLOCKS = 1  # residual blocks per level and direction


@dataclass(frozen=True)
class Size:
    channels: tuple[int, ...]  # per level, for a 32x32 image 16x16, 8x8 and 4x4; multiples of 8
    embedding: int  # dimension of the condition that every block is given
    data: int = 1  # channels of the states
    patch: int = 2  # pixels of a state are taken in squares of this side

    @property
    def skips(self) -> int:
        """Skip connections, as many as skip_scale has factors."""
        return BLOCKS * len(self.channels)

    @property
    def multiple(self) -> int:
        """Height and width of a state are multiples of this."""
        return self.patch * 2 ** (len(self.channels) - 1)


class TimeEmbedding(nn.Module):
    """t [N] in 0..1 -> [N, embedding]: sine and cosine at geometric frequencies, then two linear layers."""

    def __init__(self, embedding: int, frequencies: int = 32):
        super().__init__()
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(1000), frequencies)))
        self.net = nn.Sequential(nn.Linear(2 * frequencies, embedding), nn.SiLU(), nn.Linear(embedding, embedding))

    def forward(self, t):
        angles = t[:, None] * self.frequencies[None, :]
        return self.net(torch.cat([angles.sin(), angles.cos()], dim=1))


class GroupNorm(nn.GroupNorm):
    """Group normalisation in float32 whatever the precision of its input."""

    def forward(self, x):
        return super().forward(x.float())


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions; the condition scales and shifts between them (FiLM). [N, in, H, W] -> [N, out, H, W]."""

    def __init__(self, inputs: int, outputs: int, embedding: int):
        super().__init__()
        self.norm1 = GroupNorm(8, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.film = nn.Linear(embedding, 2 * outputs)
        self.norm2 = GroupNorm(8, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, condition):
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale) + shift))
        return self.shortcut(x) + h


class Attention(nn.Module):
    """Self-attention over all positions, written as plain products so that it exports with dynamic shapes."""

    def __init__(self, channels: int, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        self.norm = GroupNorm(8, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(n, 3, self.heads, c // self.heads, h * w).unbind(dim=1)
        weights = torch.softmax(self.scale * q.transpose(2, 3) @ k, dim=-1)
        return x + self.out((v @ weights.transpose(2, 3)).reshape(n, c, h, w))


class Denoiser(nn.Module):
    """x [N,C,H,W], t [N], class_label [N], text_embedding [N,D], skip_scale [skips] -> velocity [N,C,H,W].

    H and W are multiples of size.multiple. skip_scale multiplies the skip connections from the bottom of the U to its top;
    ones leave the network as it was trained (Skip-Tuning, arXiv 2402.15170, tunes them).
    """

    def __init__(self, text_dimension: int, size: Size):
        super().__init__()
        self.size = size
        embedding = size.embedding
        self.time = TimeEmbedding(embedding)
        self.label = nn.Embedding(CLASS_NONE + 1, embedding)
        self.text = nn.Linear(text_dimension, embedding, bias=False)
        self.mix = nn.Sequential(nn.SiLU(), nn.Linear(embedding, embedding), nn.SiLU())

        width = size.channels[0]
        pixels = size.data * size.patch ** 2
        self.stem = nn.Conv2d(pixels, width, 3, padding=1)
        self.encoder, self.down = nn.ModuleList(), nn.ModuleList()
        for level, channels in enumerate(size.channels):
            if level > 0:
                self.down.append(nn.Conv2d(width, width, 3, stride=2, padding=1))
            for _ in range(BLOCKS):
                self.encoder.append(ResidualBlock(width, channels, embedding))
                width = channels
        self.attention = nn.ModuleList([Attention(width), Attention(width)])
        self.decoder, self.up = nn.ModuleList(), nn.ModuleList()
        for level, channels in reversed(list(enumerate(size.channels))):
            for _ in range(BLOCKS):
                self.decoder.append(ResidualBlock(width + channels, channels, embedding))
                width = channels
            if level > 0:
                self.up.append(nn.Conv2d(width, width, 3, padding=1))
        self.norm = GroupNorm(8, width)
        self.head = nn.Conv2d(width, pixels, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x, t, class_label, text_embedding, skip_scale):
        condition = self.mix(self.time(t) + self.label(class_label) + self.text(text_embedding))
        patch = self.size.patch
        h = self.stem(F.pixel_unshuffle(x, patch) if patch > 1 else x)
        skips = []
        for i, block in enumerate(self.encoder):
            if i > 0 and i % BLOCKS == 0:
                h = self.down[i // BLOCKS - 1](h)
            h = block(h, condition)
            skips.append(h)
        for attention in self.attention:
            h = attention(h)
        for i, block in enumerate(self.decoder):
            if i > 0 and i % BLOCKS == 0:
                h = self.up[i // BLOCKS - 1](F.interpolate(h, scale_factor=2.0, mode="nearest"))
            h = block(torch.cat([h, skip_scale[i] * skips.pop()], dim=1), condition)
        h = self.head(F.silu(self.norm(h)))
        return F.pixel_shuffle(h, patch) if patch > 1 else h
