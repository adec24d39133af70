"""The two towers of fashion-clip; the text tower conditions the denoiser as well."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tokenizer import MAX_TOKENS, PAD

TEXT = 64  # width of the text tower, the dimension of the denoiser's text embedding
EMBEDDING = 64  # dimension of the space that both towers share


class TextBlock(nn.Module):
    """One transformer layer, normalised first; attention as plain products so that it exports with dynamic shapes."""

    def __init__(self, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(TEXT), nn.LayerNorm(TEXT)
        self.qkv, self.out = nn.Linear(TEXT, 3 * TEXT), nn.Linear(TEXT, TEXT)
        self.mlp = nn.Sequential(nn.Linear(TEXT, 4 * TEXT), nn.GELU(), nn.Linear(4 * TEXT, TEXT))

    def forward(self, h, bias):
        """h [N, T, TEXT]; bias [N, 1, 1, T], 0 for words and very negative for padding."""
        n, length, _ = h.shape
        q, k, v = self.qkv(self.norm1(h)).reshape(n, length, 3, self.heads, TEXT // self.heads) \
            .permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(TEXT // self.heads) + bias, dim=-1)
        h = h + self.out((weights @ v).transpose(1, 2).reshape(n, length, TEXT))
        return h + self.mlp(self.norm2(h))


class TextTower(nn.Module):
    """tokens int64 [N, T] -> the mean over the words of the last hidden state, normalised: [N, TEXT]."""

    def __init__(self, vocabulary: int, layers: int = 2):
        super().__init__()
        self.words = nn.Embedding(vocabulary, TEXT)
        self.positions = nn.Parameter(0.02 * torch.randn(MAX_TOKENS, TEXT))
        self.blocks = nn.ModuleList([TextBlock() for _ in range(layers)])
        self.norm = nn.LayerNorm(TEXT)

    def forward(self, tokens):
        present = (tokens != PAD).float()
        bias = -1e4 * (1 - present)[:, None, None, :]
        h = self.words(tokens) + self.positions[:tokens.shape[1]]
        for block in self.blocks:
            h = block(h, bias)
        count = present.sum(dim=1, keepdim=True).clamp(min=1)
        return self.norm((h * present[:, :, None]).sum(dim=1) / count)


class TextEncoder(nn.Module):
    """The text tower and its projection: tokens [N, T] -> unit vectors [N, EMBEDDING]."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.tower = TextTower(vocabulary)
        self.project = nn.Linear(TEXT, EMBEDDING, bias=False)

    def forward(self, tokens):
        return _unit(self.project(self.tower(tokens)))


class ImageBlock(nn.Module):
    """A residual block of two 3x3 convolutions, [N, in, H, W] -> [N, out, H / stride, W / stride]."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
        )
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else \
            nn.Conv2d(inputs, outputs, 1, stride=stride)

    def forward(self, x):
        return F.relu(self.shortcut(x) + self.body(x))


class ImageEncoder(nn.Module):
    """images [N, 1, 32, 32] in [-1, 1] -> unit vectors [N, EMBEDDING]."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 5, stride=2, padding=2), nn.ReLU(),
            ImageBlock(32, 48, 1), ImageBlock(48, 96, 2), ImageBlock(96, 96, 1), ImageBlock(96, 128, 2),
            nn.Flatten(), nn.Dropout(0.2),
        )
        self.project = nn.Linear(128 * 4 * 4, EMBEDDING)

    def forward(self, images):
        return _unit(self.project(self.body(images)))


class Clip(nn.Module):
    """Both towers and the learnt temperature of their contrastive loss."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.image, self.text = ImageEncoder(), TextEncoder(vocabulary)
        self.log_scale = nn.Parameter(torch.tensor(math.log(10.0)))

    def forward(self, images, tokens):
        """-> similarities [N, N], a row an image and a column a text."""
        return self.log_scale.clamp(max=math.log(50)).exp() * self.image(images) @ self.text(tokens).T


def _unit(x):
    return x / x.pow(2).sum(dim=1, keepdim=True).add(1e-12).sqrt()
