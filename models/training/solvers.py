"""The deterministic samplers, as services/DiffusionMesh.Diffusion defines them, for whole batches of states.

Each takes predict(x, point) -> (x0, eps), both like x; the points of the grid, from noise to data; and the noisiest
state x [N, C, H, W]. It returns the data.
"""

import math

import torch


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


ALL = {"euler": euler, "ddim": ddim, "heun": heun, "dpmpp-2m": dpmpp_2m}


def evaluations(method: str, steps: int) -> int:
    return 2 * steps - 1 if method in ("heun", "amed") else steps


def predictor(network, prediction: str, label: torch.Tensor, text: torch.Tensor, none: int, guidance: float):
    """predict(x, point) of a network with classifier-free guidance; label [N], text [N, D]; none: the label of no class."""
    skip_scale = torch.ones(network.size.skips, device=label.device)
    nobody, silence = torch.full_like(label, none), torch.zeros_like(text)

    def predict(x, point):
        t = torch.full((len(x),), point.time, device=x.device)
        out = network(x, t, label, text, skip_scale)
        if guidance != 1:
            free = network(x, t, nobody, silence, skip_scale)
            out = free + guidance * (out - free)
        if prediction == "velocity":  # of the linear flow
            return x - point.time * out, x + (1 - point.time) * out
        return (x - point.sigma * out) / point.alpha, out

    return predict
