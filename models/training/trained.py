"""The trained networks, read from the checkpoints of the cache."""

from pathlib import Path

from classifier import Classifier
from denoiser import Denoiser
from loop import restore
from tokenizer import Tokenizer
from towers import TEXT, Clip


def classifier(cache: Path) -> Classifier:
    return restore(cache / "features.pt", Classifier())


def clip(cache: Path, tokenizer: Tokenizer) -> Clip:
    return restore(cache / "clip.pt", Clip(tokenizer.size))


def denoiser(cache: Path) -> Denoiser:
    """With the averaged weights."""
    return restore(cache / "flow.pt", Denoiser(TEXT), "average")
