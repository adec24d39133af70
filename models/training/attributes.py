"""Attributes measured on an image, so that a caption says more than a class.

Four of them, each -1, 0 or +1 (0: neither, or not applicable):

| attribute | +1        | -1     | measured                                                                |
|-----------|-----------|--------|-------------------------------------------------------------------------|
| tone      | light     | dark   | mean brightness of the article                                          |
| pattern   | patterned | plain  | mean distance of a pixel from the mean of its 3x3 surroundings, inside  |
| width     | wide      | narrow | area of the article divided by its height, in pixels                    |
| length    | long      | short  | tops: how far down the sleeves reach; ankle boots: height of the shaft  |

The measures are compared with thresholds of the class (a narrow bag is wider than wide trousers): the lower and
upper third of the training images. Sleeves alone are compared with fixed thresholds, because nearly all
pullovers have long ones; a T-shirt is never called long-sleeved, because one without sleeves measures the same.
"""

from dataclasses import dataclass

import numpy as np

NAMES = ("tone", "pattern", "width", "length")
TONE, PATTERN, WIDTH, LENGTH = range(4)
T_SHIRT = 0
SLEEVED = (T_SHIRT, 2, 4, 6)  # and pullover, coat, shirt
BOOT = 9
BACKGROUND = 0.12  # brightness in 0..1 up to which a pixel belongs to the background
SHORT_SLEEVE, LONG_SLEEVE = 0.55, 0.75  # of the article's height


def _windows(values: np.ndarray) -> np.ndarray:
    """[N, H, W] -> the 3x3 surroundings of every inner pixel, [N, H-2, W-2, 3, 3]."""
    return np.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(1, 2))


def _sleeve_reach(article: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Lowest row of the outermost columns over the article's height, mean of both sides, in 0..1. [N, H, W] -> [N]."""
    n, height, width = article.shape
    top, bottom, left, right = box.T
    columns = np.arange(width)
    margin = np.maximum((right - left + 1) * 0.15, 2)
    rows = np.arange(height)[None, :, None]
    reach = np.zeros(n)
    for side in (columns < (left + margin)[:, None], columns > (right - margin)[:, None]):
        lowest = np.where(article & side[:, None, :], rows, -1).max(axis=(1, 2))
        reach += 0.5 * (lowest - top + 1) / np.maximum(bottom - top + 1, 1)
    return reach


def _bounding_box(article: np.ndarray) -> np.ndarray:
    """First and last row, first and last column that the article covers: bool [N, H, W] -> int [N, 4]."""
    rows, columns = article.any(axis=2), article.any(axis=1)
    return np.stack([
        rows.argmax(1), rows.shape[1] - 1 - rows[:, ::-1].argmax(1),
        columns.argmax(1), columns.shape[1] - 1 - columns[:, ::-1].argmax(1),
    ], axis=1)


def measure(images: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """images [N, 1, 32, 32] in [-1, 1], classes [N] -> the four measures, float32 [N, 4], NaN where not applicable."""
    brightness = (images[:, 0] + 1) / 2
    article = brightness > BACKGROUND
    area = np.maximum(article.sum(axis=(1, 2)), 1)
    box = _bounding_box(article)
    height = box[:, 1] - box[:, 0] + 1

    measures = np.full((len(images), 4), np.nan, np.float32)
    measures[:, TONE] = (brightness * article).sum(axis=(1, 2)) / area
    inside = _windows(article).all(axis=(3, 4))
    texture = np.abs(brightness[:, 1:-1, 1:-1] - _windows(brightness).mean(axis=(3, 4)))
    enough = inside.sum(axis=(1, 2)) >= 20
    measures[enough, PATTERN] = ((texture * inside).sum(axis=(1, 2)) / np.maximum(inside.sum(axis=(1, 2)), 1))[enough]
    measures[:, WIDTH] = area / height
    sleeved, boot = np.isin(classes, SLEEVED), classes == BOOT
    measures[sleeved, LENGTH] = _sleeve_reach(article[sleeved], box[sleeved])
    measures[boot, LENGTH] = height[boot]
    return measures


@dataclass(frozen=True)
class Thresholds:
    """Per class and attribute: up to low is -1, from high on is +1, above or below middle leans to +1 or -1."""

    low: np.ndarray  # [10, 4]
    middle: np.ndarray
    high: np.ndarray

    @staticmethod
    def fit(measures: np.ndarray, classes: np.ndarray) -> "Thresholds":
        """From the measures [N, 4] and classes [N] of the training images."""
        low, middle, high = np.full((3, 10, 4), np.nan)
        for label in range(10):
            of_class = measures[classes == label]
            for attribute in range(4):
                if np.isfinite(of_class[:, attribute]).any():
                    low[label, attribute], middle[label, attribute], high[label, attribute] = \
                        np.nanquantile(of_class[:, attribute], (1 / 3, 1 / 2, 2 / 3))
        low[SLEEVED, LENGTH], high[SLEEVED, LENGTH] = SHORT_SLEEVE, LONG_SLEEVE
        middle[SLEEVED, LENGTH] = (SHORT_SLEEVE + LONG_SLEEVE) / 2
        high[T_SHIRT, LENGTH] = np.inf
        return Thresholds(low, middle, high)

    def quantise(self, measures: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """[N, 4] -> int8 [N, 4] in {-1, 0, +1}; NaN gives 0."""
        return (measures >= self.high[classes]).astype(np.int8) - (measures <= self.low[classes]).astype(np.int8)

    def lean(self, measures: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """[N, 4] -> int8 [N, 4]: the side of the class's middle that each measure lies on; NaN gives 0."""
        return np.nan_to_num(np.sign(measures - self.middle[classes])).astype(np.int8)
