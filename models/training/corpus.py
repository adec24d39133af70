"""The captioned data set: every image with its attributes and several captions."""

from dataclasses import dataclass

import numpy as np

import attributes
import captions
import data
from tokenizer import Tokenizer

SEED = 7
CAPTIONS_PER_IMAGE = 8


@dataclass(frozen=True)
class Corpus:
    images: np.ndarray  # float32 [N, 1, 32, 32] in [-1, 1]
    labels: np.ndarray  # int64 [N]
    attributes: np.ndarray  # int8 [N, 4]
    texts: list  # N * CAPTIONS_PER_IMAGE captions, an image's own ones side by side
    mentioned: np.ndarray  # int8 [N, CAPTIONS_PER_IMAGE, 4]
    thresholds: attributes.Thresholds
    tokenizer: Tokenizer  # of the training captions

    @property
    def tokens(self) -> np.ndarray:
        """int64 [N, CAPTIONS_PER_IMAGE, MAX_TOKENS]"""
        return self.tokenizer.encode(self.texts).reshape(len(self.labels), CAPTIONS_PER_IMAGE, -1)


def _caption(labels: np.ndarray, quantised: np.ndarray, seed: int) -> tuple[list, np.ndarray]:
    generator = np.random.default_rng(seed)
    written = [captions.write(generator, int(label), row)
               for label, row in zip(labels, quantised) for _ in range(CAPTIONS_PER_IMAGE)]
    mentioned = np.stack([caption.mentioned for caption in written])
    return [caption.text for caption in written], mentioned.reshape(len(labels), CAPTIONS_PER_IMAGE, 4)


def train() -> Corpus:
    images, labels = data.load("train")
    measures = attributes.measure(images, labels)
    thresholds = attributes.Thresholds.fit(measures, labels)
    quantised = thresholds.quantise(measures, labels)
    texts, mentioned = _caption(labels, quantised, SEED)
    return Corpus(images, labels, quantised, texts, mentioned, thresholds, Tokenizer.of(texts))


def test(of: Corpus) -> Corpus:
    """The test images, captioned with the thresholds and the words of the training corpus."""
    images, labels = data.load("t10k")
    quantised = of.thresholds.quantise(attributes.measure(images, labels), labels)
    texts, mentioned = _caption(labels, quantised, SEED + 1)
    return Corpus(images, labels, quantised, texts, mentioned, of.thresholds, of.tokenizer)
