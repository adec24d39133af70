"""The trained networks, read from the checkpoints of the cache."""

from pathlib import Path

from aesthetic import Head
from autoencoder import Autoencoder
from classifier import Classifier
from denoiser import Denoiser
from dino import Dino
from flows import Flow
from loop import restore
from tokenizer import Tokenizer
from towers import TEXT, Clip


def classifier(cache: Path) -> Classifier:
    return restore(cache / "features.pt", Classifier())


def clip(cache: Path, tokenizer: Tokenizer) -> Clip:
    return restore(cache / "clip.pt", Clip(tokenizer.size))


def denoiser(cache: Path, flow: Flow) -> Denoiser:
    """With the averaged weights."""
    return restore(cache / f"{flow.checkpoint}.pt", Denoiser(TEXT, flow.size), "average")


def autoencoder(cache: Path) -> Autoencoder:
    """With the averaged weights."""
    return restore(cache / "autoencoder.pt", Autoencoder(), "average")


def dino(cache: Path) -> Dino:
    """The teacher's encoder and the linear head."""
    return restore(cache / "dino-head.pt", Dino())


def aesthetic(cache: Path) -> Head:
    return restore(cache / "aesthetic.pt", Head())
