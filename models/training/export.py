"""Writes the verifiers and the judge as ONNX files, float32, and a manifest beside each."""

from pathlib import Path

import torch

import data
import manifest
import onnx_file
import train_aesthetic
import train_clip
import train_dino
import train_features
import trained
from aesthetic import RANGE
from captions import NOUNS
from corpus import Corpus
from towers import EMBEDDING

CLASS_TEMPLATES = ("a photo of {}", "a picture of {}", "an image of {}", "a product photo of {}")
LOGIT_BOUND = 1000.0  # no image comes near: those of test images stay below 50


def class_prompts(label: int) -> list[str]:
    """Prompts that name a class, for classification without training."""
    nouns = [("an " if noun[0] in "aeiou" else "a ") + noun for noun in NOUNS[label][0]]
    return [template.format(noun) for noun in nouns for template in CLASS_TEMPLATES]


def _images(rows: int = 2):
    return torch.rand(rows, 1, data.SIZE, data.SIZE) * 2 - 1, {0: "N"}


def _tokens(corpus: Corpus):
    return torch.from_numpy(corpus.tokenizer.encode(corpus.texts[:2])), {0: "N", 1: "T"}


def features(cache: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    file = onnx_file.write(trained.classifier(cache), folder / "features.onnx",
                           {"images": _images()}, {"features": {0: "N"}, "logits": {0: "N"}})
    manifest.write(folder, {
        **manifest.head(folder, "classifier", "Classifier of Fashion-MNIST with 128 features: the judge that no search sees."),
        "preprocessing": manifest.PREPROCESSING, "classes": list(data.CLASSES), "components": {"features": file},
        "training": manifest.training(cache, "features", train_features.SEED, manifest.CAPTIONED), "quality": {},
    })


def clip(cache: Path, folder: Path, corpus: Corpus) -> None:
    folder.mkdir(exist_ok=True)
    network = trained.clip(cache, corpus.tokenizer)
    components = {
        "image_encoder": onnx_file.write(network.image, folder / "image_encoder.onnx",
                                         {"images": _images()}, {"embedding": {0: "N"}}),
        "text_encoder": onnx_file.write(network.text, folder / "text_encoder.onnx",
                                        {"tokens": _tokens(corpus)}, {"embedding": {0: "N"}}),
    }
    corpus.tokenizer.save(folder / "tokenizer.json")
    manifest.write(folder, {
        **manifest.head(folder, "clip", "Image and text towers trained contrastively on captioned Fashion-MNIST."),
        "preprocessing": manifest.PREPROCESSING, "components": components, "tokenizer": "tokenizer.json",
        "classes": [{"name": name, "prompts": class_prompts(label)} for label, name in enumerate(data.CLASSES)],
        "score": {"name": "clip-score", "weight": 2.5, "prefix": "", "range": [0, 2.5],
                  "real_mean": None, "real_standard_deviation": None},
        "training": manifest.training(cache, "clip", train_clip.SEED, manifest.CAPTIONED), "quality": {},
    })


def dino(cache: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    file = onnx_file.write(trained.dino(cache), folder / "encoder.onnx",
                           {"images": _images()}, {"embedding": {0: "N"}, "logits": {0: "N"}})
    manifest.write(folder, {
        **manifest.head(folder, "dino",
                        "Image encoder of Fashion-MNIST by self-distillation without labels, a linear head on top."),
        "preprocessing": manifest.PREPROCESSING, "classes": list(data.CLASSES), "components": {"encoder": file},
        "score": {"range": [-LOGIT_BOUND, LOGIT_BOUND], "real_mean": None, "real_standard_deviation": None},
        "self_supervised": {"noise_level": 0.4},
        "training": manifest.training(cache, "dino", train_dino.SEED, manifest.UNLABELLED), "quality": {},
    })


def aesthetic(cache: Path, folder: Path, clip_folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    embedding = torch.nn.functional.normalize(torch.randn(2, EMBEDDING), dim=1), {0: "N"}
    file = onnx_file.write(trained.aesthetic(cache), folder / "head.onnx", {"embedding": embedding}, {"score": {0: "N"}})
    base = manifest.entry(clip_folder / "image_encoder.onnx")["sha256"]
    manifest.write(folder, {
        **manifest.head(folder, "aesthetic", "Head on the image embedding of fashion-clip, trained to rank pristine "
                                             "images over degraded ones; no human preference is in it."),
        "components": {"head": file}, "base": {"model": clip_folder.name, "digest": base},
        "score": {"range": list(RANGE), "real_mean": None, "real_standard_deviation": None},
        "training": manifest.training(cache, "aesthetic", train_aesthetic.SEED, manifest.DEGRADED), "quality": {},
    })
