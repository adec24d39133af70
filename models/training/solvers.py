"""The deterministic samplers, as services/DiffusionMesh.Diffusion defines them, for whole batches of states.

Each takes predict(x, point) -> (x0, eps), both like x; the points of the grid, from noise to data; and the noisiest
state x [N, C, H, W]. It returns the data.
"""

import math
from dataclasses import dataclass

import torch

# (3 + sqrt 5)/2: a step of amed without fitted parameters from this multiple of a ratio to the ratio itself takes the
# data of its second evaluation and the noise of its first.
JUMP = (3 + math.sqrt(5)) / 2


def ddim(predict, points, x):
    for now, then in zip(points, points[1:]):
        x0, eps = predict(x, now)
        x = then.alpha * x0 + then.sigma * eps
    return x


def euler(predict, points, x):
    """In the form's own time; for the linear flow the same as ddim."""
    for now, then in zip(points, points[1:]):
        x = x + (then.time - now.time) * _velocity(predict, x, now)
    return x


def heun(predict, points, x):
    """The last step, which ends at data, is an Euler step: 2 steps - 1 evaluations."""
    for now, then in zip(points, points[1:]):
        step = then.time - now.time
        u = _velocity(predict, x, now)
        trial = x + step * u
        x = trial if then.sigma == 0 else x + step / 2 * (u + _velocity(predict, trial, then))
    return x


def _velocity(predict, x, point):
    x0, eps = predict(x, point)
    return point.alpha_rate * x0 + point.sigma_rate * eps


def dpmpp_2m(predict, points, x):
    """DPM-Solver++(2M), arXiv 2211.01095; the first step, the last and one from pure noise are of first order."""
    before, last_step = None, None
    for now, then in zip(points, points[1:]):
        x0, eps = predict(x, now)
        if now.alpha == 0 or then.sigma == 0:
            x, step = then.alpha * x0 + then.sigma * eps, None
        else:
            step = math.log(now.ratio / then.ratio)
            d = x0 if last_step is None else x0 + step / (2 * last_step) * (x0 - before)
            x = then.sigma / now.sigma * x - then.alpha * math.expm1(-step) * d
        before, last_step = x0, step
    return x


def first_ratio(now, then) -> float:
    """Of noise to data at the beginning of a step of amed; from pure noise, of where the jump ends."""
    return now.ratio if math.isfinite(now.ratio) else JUMP * then.ratio


@dataclass(frozen=True)
class AmedStep:
    """What a step of two evaluations takes; numbers, or tensors of no dimension while they are being fitted."""

    r: float = 0.5
    c: float = 1.0
    a: float = 1.0


@dataclass(frozen=True)
class Amed:
    """AMED (arXiv 2312.00094) with constants for what the paper lets a small network predict: 2 steps - 1 evaluations.

    In y = x/alpha and q = sigma/alpha: an Euler step to q_m = q_then^r q_now^(1-r), there the slope
    d = (y_m - D(y_m, a q_m))/q_m, then y + c (q_then - q_now) d; the last step is a jump to the predicted data. Where
    q_now is infinite, a jump to JUMP q_then by the same evaluation goes before.
    """

    form: object
    parameters: tuple[AmedStep, ...] = ()  # one less than there are steps; none: those of AmedStep itself

    def __call__(self, predict, points, x):
        parameters = self.parameters or [AmedStep()] * (len(points) - 2)
        for now, then, step in zip(points, points[1:-1], parameters):
            x0, eps = predict(x, now)
            ratio = first_ratio(now, then)
            middle = then.ratio ** step.r * ratio ** (1 - step.r)
            told = self.form.at(self.form.time_of(step.a * middle))
            y = x0 + middle * eps
            clean, _ = predict(told.alpha * y, told)
            x = then.alpha * (x0 + ratio * eps + step.c * (then.ratio - ratio) / middle * (y - clean))
        return predict(x, points[-2])[0]


def predictor(network, prediction: str, label: torch.Tensor, text: torch.Tensor, none: int, guidance: float):
    """predict(x, point) of a network with classifier-free guidance; label [N], text [N, D]; none: the label of no class."""
    skip_scale = torch.ones(network.size.skips, device=label.device)
    nobody, silence = torch.full_like(label, none), torch.zeros_like(text)

    def predict(x, point):
        t = torch.ones(len(x), device=x.device) * point.time
        out = network(x, t, label, text, skip_scale)
        if guidance != 1:
            free = network(x, t, nobody, silence, skip_scale)
            out = free + guidance * (out - free)
        if prediction == "velocity":  # of the linear flow
            return x - point.time * out, x + (1 - point.time) * out
        return (x - point.sigma * out) / point.alpha, out

    return predict
