"""The head of fashion-aesthetic: a small perceptron on the image embedding of fashion-clip."""

import torch
from torch import nn

from towers import EMBEDDING

HIDDEN = 96
RANGE = (1.0, 10.0)
PRISTINE, SPOILT = 8.0, 3.0  # what the average pristine and the average strongly degraded training image score


class Head(nn.Module):
    """embedding [N, EMBEDDING], unit vectors -> score [N, 1] inside RANGE, higher is better."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(EMBEDDING, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, HIDDEN), nn.GELU(),
                                 nn.Linear(HIDDEN, 1))
        self.register_buffer("centre", torch.zeros(()))
        self.register_buffer("width", torch.ones(()))

    def forward(self, embedding):
        low, high = RANGE
        return low + (high - low) * torch.sigmoid((self.net(embedding) - self.centre) / self.width)

    def calibrate(self, pristine: float, spoilt: float) -> None:
        """Sets the scale by what the perceptron gives the two averages; the order of scores does not change."""
        low, high = RANGE
        upper, lower = (torch.logit(torch.tensor((score - low) / (high - low))) for score in (PRISTINE, SPOILT))
        self.width.fill_((pristine - spoilt) / float(upper - lower))
        self.centre.fill_(pristine - float(upper * self.width))
