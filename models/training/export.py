"""Writes the trained networks as ONNX files, float32, and a manifest beside each model."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import data
import prompts
import trained
import train_clip
import train_features
import train_flow
from captions import NOUNS
from corpus import Corpus
from denoiser import CLASS_NONE, SKIPS
from loop import DEVICE
from towers import TEXT

OPSET = 17
VERSION = "1.0.0"
LICENSE = "MIT (data: Fashion-MNIST, MIT)"
DATA = "Fashion-MNIST, 60,000 training images, captions from templates and measured attributes"
COMMAND = "python3 models/training/train.py all --cache DIR"
CLASS_TEMPLATES = ("a photo of {}", "a picture of {}", "an image of {}", "a product photo of {}")
PREPROCESSING = {"width": data.SIZE, "height": data.SIZE, "channels": 1, "range": [-1, 1], "resize": "bilinear"}


def class_prompts(label: int) -> list[str]:
    """Prompts that name a class, for classification without training."""
    nouns = [("an " if noun[0] in "aeiou" else "a ") + noun for noun in NOUNS[label][0]]
    return [template.format(noun) for noun in nouns for template in CLASS_TEMPLATES]


def _export(network: torch.nn.Module, path: Path, inputs: dict, outputs: dict) -> dict:
    """Exports with the dimensions that each name lists as dynamic; returns the manifest's entry of the file.

    inputs: name -> (example, {axis: dimension name}); outputs: name -> {axis: dimension name}.
    """
    network = network.eval().cpu()
    examples = tuple(example for example, _ in inputs.values())
    axes = {name: axes for name, (_, axes) in inputs.items()} | outputs
    torch.onnx.export(
        network, examples, str(path), opset_version=OPSET, input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={name: named for name, named in axes.items() if named},
    )
    model = onnx.load(str(path))
    if "skip_scale" in inputs:  # an initializer of an input's name is its default
        model.graph.initializer.append(numpy_helper.from_array(np.ones(SKIPS, np.float32), "skip_scale"))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    _compare(network, path, inputs)
    network.to(DEVICE)
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _compare(network: torch.nn.Module, path: Path, inputs: dict) -> None:
    """Runs the file in ONNX Runtime, where Python has it, and compares the results with PyTorch's."""
    try:
        import onnxruntime
    except ImportError:
        print(f"{path.name}: not compared, onnxruntime is not installed")
        return
    session = onnxruntime.InferenceSession(str(path))
    results = session.run(None, {name: example.numpy() for name, (example, _) in inputs.items()})
    with torch.no_grad():
        expected = network(*(example for example, _ in inputs.values()))
    for result, reference in zip(results, expected if isinstance(expected, tuple) else (expected,)):
        difference = float(np.abs(result - reference.numpy()).max())
        print(f"{path.name}: largest difference from PyTorch {difference:.1e}")
        assert difference < 1e-4


def write_manifest(folder: Path, manifest: dict) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _training(cache: Path, name: str, seed: int) -> dict:
    state = torch.load(cache / f"{name}.pt", map_location="cpu")
    return {"command": COMMAND, "data": DATA, "steps": state["step"], "seconds": round(state["seconds"]), "seed": seed}


def _images(rows: int = 2):
    return torch.rand(rows, 1, data.SIZE, data.SIZE) * 2 - 1, {0: "N"}


def _tokens(corpus: Corpus):
    return torch.from_numpy(corpus.tokenizer.encode(corpus.texts[:2])), {0: "N", 1: "T"}


def features(cache: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    file = _export(trained.classifier(cache), folder / "features.onnx",
                   {"images": _images()}, {"features": {0: "N"}, "logits": {0: "N"}})
    write_manifest(folder, {
        "schema": 1, "name": folder.name, "version": VERSION, "kind": "classifier",
        "description": "Classifier of Fashion-MNIST with 128 features: the judge that no search sees.",
        "license": LICENSE, "preprocessing": PREPROCESSING, "classes": list(data.CLASSES),
        "components": {"features": file},
        "training": _training(cache, "features", train_features.SEED), "quality": {},
    })


def clip(cache: Path, folder: Path, corpus: Corpus) -> None:
    folder.mkdir(exist_ok=True)
    network = trained.clip(cache, corpus.tokenizer)
    components = {
        "image_encoder": _export(network.image, folder / "image_encoder.onnx",
                                 {"images": _images()}, {"embedding": {0: "N"}}),
        "text_encoder": _export(network.text, folder / "text_encoder.onnx",
                                {"tokens": _tokens(corpus)}, {"embedding": {0: "N"}}),
    }
    corpus.tokenizer.save(folder / "tokenizer.json")
    write_manifest(folder, {
        "schema": 1, "name": folder.name, "version": VERSION, "kind": "clip",
        "description": "Image and text towers trained contrastively on captioned Fashion-MNIST.",
        "license": LICENSE, "preprocessing": PREPROCESSING, "components": components, "tokenizer": "tokenizer.json",
        "classes": [{"name": name, "prompts": class_prompts(label)} for label, name in enumerate(data.CLASSES)],
        "score": {"name": "clip-score", "weight": 2.5, "prefix": "", "range": [0, 2.5],
                  "real_mean": None, "real_standard_deviation": None},
        "training": _training(cache, "clip", train_clip.SEED), "quality": {},
    })


def flow(cache: Path, folder: Path, corpus: Corpus) -> None:
    folder.mkdir(exist_ok=True)
    inputs = {
        "x": (torch.randn(2, 1, data.SIZE, data.SIZE), {0: "N", 2: "H", 3: "W"}),
        "t": (torch.tensor([1.0, 0.3]), {0: "N"}),
        "class_label": (torch.tensor([9, CLASS_NONE]), {0: "N"}),
        "text_embedding": (torch.randn(2, TEXT), {0: "N"}),
        "skip_scale": (torch.ones(SKIPS), {}),
    }
    components = {
        "denoiser": _export(trained.denoiser(cache), folder / "denoiser.onnx",
                            inputs, {"velocity": {0: "N", 2: "H", 3: "W"}}),
        "text_encoder": _export(trained.clip(cache, corpus.tokenizer).text.tower, folder / "text_encoder.onnx",
                                {"tokens": _tokens(corpus)}, {"text_embedding": {0: "N"}}),
        "decoder": None,
    }
    corpus.tokenizer.save(folder / "tokenizer.json")
    prompts.save(folder / "prompts.json")
    write_manifest(folder, {
        "schema": 1, "name": folder.name, "version": VERSION, "kind": "denoiser",
        "description": "U-Net of the linear flow for Fashion-MNIST, conditioned on a class, a prompt, both or neither.",
        "license": LICENSE, "form": {"type": "linear-flow"}, "prediction": "velocity", "schedule": {"type": "uniform"},
        "latent": {"shape": [1, data.SIZE, data.SIZE], "scale": 1.0, "shift": 0.0, "spatial_multiple": 8},
        "image": {"width": data.SIZE, "height": data.SIZE, "channels": 1, "range": [-1, 1]},
        "conditioning": {"classes": list(data.CLASSES), "class_none": CLASS_NONE,
                         "text": {"tokenizer": "tokenizer.json", "dimension": TEXT}},
        "components": components, "defaults": {"sampler": "euler", "steps": 20, "guidance": 1.5},
        "training": _training(cache, "flow", train_flow.SEED), "quality": {},
    })
