"""The forms of the embedded models: how a state x = alpha x0 + sigma eps depends on the form's own time."""

import math
from dataclasses import dataclass

BETA0, BETA1 = 0.1, 20.0  # of the variance-preserving form, arXiv 2011.13456
SMALLEST_RATIO = 0.002  # of noise to data, the last that a schedule visits before the data


@dataclass(frozen=True)
class Point:
    time: float
    alpha: float
    sigma: float
    alpha_rate: float  # d alpha / dt
    sigma_rate: float

    @property
    def ratio(self) -> float:
        """Of noise to data: infinite at pure noise."""
        return self.sigma / self.alpha if self.alpha > 0 else math.inf


class LinearFlow:
    """alpha = 1 - t, sigma = t."""

    def at(self, t: float) -> Point:
        return Point(t, 1 - t, t, -1, 1)

    def time_of(self, ratio: float) -> float:
        return 1.0 if math.isinf(ratio) else ratio / (1 + ratio)


class VariancePreserving:
    """log alpha = -t^2 (b1 - b0)/4 - t b0/2, sigma^2 = 1 - alpha^2, t in [0, 1]."""

    def at(self, t: float) -> Point:
        log_alpha = -t * t * (BETA1 - BETA0) / 4 - t * BETA0 / 2
        alpha, sigma = math.exp(log_alpha), math.sqrt(-math.expm1(2 * log_alpha))
        rate = -alpha * (t * (BETA1 - BETA0) / 2 + BETA0 / 2)
        return Point(t, alpha, sigma, rate, -alpha * rate / sigma if sigma > 0 else math.inf)

    def time_of(self, ratio: float) -> float:
        if math.isinf(ratio):
            return 1.0
        c, a, b = math.log1p(ratio * ratio) / 2, (BETA1 - BETA0) / 4, BETA0 / 2
        return min(1.0, 2 * c / (b + math.sqrt(b * b + 4 * a * c)))


def uniform(form, steps: int) -> list[float]:
    """Equal steps in the form's own time from 1 down to data at 0: steps + 1 times, like all grids here."""
    return [(steps - i) / steps for i in range(steps + 1)]


def log_snr(form, steps: int) -> list[float]:
    """Equal steps in log(alpha/sigma) from the form's noisiest time down to SMALLEST_RATIO, then data."""
    first = math.log(form.at(1.0).ratio)
    return _to_data(form, [math.exp(first + i / (steps - 1) * (math.log(SMALLEST_RATIO) - first)) for i in range(steps)])


def karras(form, steps: int) -> list[float]:
    """Equal steps in the seventh root of the ratio (arXiv 2206.00364), then data."""
    first, last = form.at(1.0).ratio ** (1 / 7), SMALLEST_RATIO ** (1 / 7)
    return _to_data(form, [(first + i / (steps - 1) * (last - first)) ** 7 for i in range(steps)])


def _to_data(form, ratios: list[float]) -> list[float]:
    return [1.0, *(form.time_of(ratio) for ratio in ratios[1:]), 0.0]
