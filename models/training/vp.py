"""fashion-vp: the weights of fashion-flow-small as a variance-preserving model that predicts the noise.

No training: an exact change of variables in front of the flow network and behind it. A state x = alpha x0 + sigma eps
becomes the flow's state x_f = x/(alpha + sigma) at the flow's time t_f = sigma/(alpha + sigma), which has the same
ratio of noise to data; from the flow's velocity u = eps - x0 follows eps = x_f + (1 - t_f) u.
"""

import torch
from torch import nn

from denoiser import Denoiser
from forms import BETA0, BETA1


def levels(t: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """t -> alpha, sigma, of the same shape.

    1 - alpha^2 is written as -(1 + alpha^2) tanh(log alpha): it keeps its digits in float32 also where alpha is near 1.
    """
    log_alpha = -t * (t * ((BETA1 - BETA0) / 4) + BETA0 / 2)
    alpha = log_alpha.exp()
    return alpha, (-(1 + alpha * alpha) * log_alpha.tanh()).sqrt()


class NoisePredictor(nn.Module):
    """x [N,C,H,W], t [N], class_label [N], text_embedding [N,D], skip_scale [skips] -> noise [N,C,H,W]."""

    def __init__(self, flow: Denoiser):
        super().__init__()
        self.flow, self.size = flow, flow.size

    def forward(self, x, t, class_label, text_embedding, skip_scale):
        alpha, sigma = levels(t)
        total = alpha + sigma
        x = x / total[:, None, None, None]
        velocity = self.flow(x, sigma / total, class_label, text_embedding, skip_scale)
        return x + (alpha / total)[:, None, None, None] * velocity
