"""Random views of images, between which self-distillation learns to see no difference."""

import math

import torch
import torch.nn.functional as F


def _uniform(n: int, low: float, high: float) -> torch.Tensor:
    return torch.rand(n) * (high - low) + low


def crop(images: torch.Tensor, size: int, area: tuple[float, float]) -> torch.Tensor:
    """A random part of each image, a share of its area, mirrored half the time: [N, 1, H, W] -> [N, 1, size, size].

    Aspect ratios are 3:4 to 4:3; parts lie inside the image.
    """
    n = len(images)
    aspect = torch.exp(_uniform(n, math.log(3 / 4), math.log(4 / 3)))
    side = _uniform(n, *area).sqrt()
    wide, high = (side * aspect.sqrt()).clamp(max=1), (side / aspect.sqrt()).clamp(max=1)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = wide * torch.where(torch.rand(n) < 0.5, 1.0, -1.0)
    theta[:, 1, 1] = high
    theta[:, 0, 2] = (1 - wide) * _uniform(n, -1, 1)
    theta[:, 1, 2] = (1 - high) * _uniform(n, -1, 1)
    grid = F.affine_grid(theta, (n, 1, size, size), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


def jitter(images: torch.Tensor) -> torch.Tensor:
    """Another tone of the article (gain and gamma, the background stays black), and noise on half of the images."""
    n = len(images)
    light = ((images + 1) / 2).clamp(0, 1)
    gamma, gain = (torch.exp(_uniform(n, -0.6, 0.6))[:, None, None, None] for _ in range(2))
    light = (gain * light.clamp(min=1e-4) ** gamma).clamp(max=1)
    deviation = torch.where(torch.rand(n) < 0.5, _uniform(n, 0, 0.15), 0.0)[:, None, None, None]
    return (2 * light - 1 + deviation * torch.randn_like(images)).clamp(-1, 1)


def blur(images: torch.Tensor) -> torch.Tensor:
    """A 3x3 binomial blur of half of the images."""
    kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
    soft = F.conv2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), (kernel[:, None] * kernel)[None, None])
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, soft, images)


def views(images: torch.Tensor, size: int, area: tuple[float, float]) -> torch.Tensor:
    """One random view of each image: [N, 1, 32, 32] -> [N, 1, size, size]."""
    return jitter(blur(crop(images, size, area)))
