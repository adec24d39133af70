"""The encoder of fashion-dino, and what is added to it for self-distillation (DINO, arXiv 2104.14294)."""

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS = (32, 64, 96)
EMBEDDING = 4 * CHANNELS[-1]
PROTOTYPES = 512


class SeparableBlock(nn.Module):
    """A depthwise 5x5 convolution, then two pointwise ones around it in width: [N, C, H, W] -> the same."""

    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False), nn.BatchNorm2d(channels),
            nn.Conv2d(channels, 3 * channels, 1), nn.ReLU(),
            nn.Conv2d(3 * channels, channels, 1, bias=False), nn.BatchNorm2d(channels),
        )

    def forward(self, x):
        return x + self.body(x)


class Encoder(nn.Module):
    """images [N, 1, S, S] in [-1, 1], S 32 or 16 -> [N, EMBEDDING]: the means of the quarters of the last map."""

    def __init__(self):
        super().__init__()
        layers, width = [], 1
        for channels in CHANNELS:
            layers += [nn.Conv2d(width, channels, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(channels),
                       nn.ReLU(), SeparableBlock(channels)]
            width = channels
        self.body = nn.Sequential(*layers)

    def forward(self, images):
        x = self.body(images)
        quarters = F.avg_pool2d(x, 2) if images.shape[2] == 32 else x
        return quarters.flatten(1)


class Projection(nn.Module):
    """Embeddings [N, EMBEDDING] -> cosines with the prototypes, [N, PROTOTYPES]; thrown away after training."""

    def __init__(self, hidden: int = 256, bottleneck: int = 64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(EMBEDDING, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(),
                                 nn.Linear(hidden, bottleneck))
        self.prototypes = nn.Parameter(torch.randn(PROTOTYPES, bottleneck))

    def forward(self, embedding):
        return F.normalize(self.net(embedding.float()), dim=1) @ F.normalize(self.prototypes, dim=1).T


class Network(nn.Module):
    """What student and teacher are: images -> cosines with the prototypes, [N, PROTOTYPES]."""

    def __init__(self):
        super().__init__()
        self.encoder, self.projection = Encoder(), Projection()

    def forward(self, images):
        return self.projection(self.encoder(images))


class Dino(nn.Module):
    """What is exported: images [N, 1, 32, 32] -> embedding [N, EMBEDDING], logits [N, 10] of a linear head."""

    def __init__(self):
        super().__init__()
        self.encoder, self.head = Encoder(), nn.Linear(EMBEDDING, 10)

    def forward(self, images):
        embedding = self.encoder(images)
        return embedding, self.head(embedding)
