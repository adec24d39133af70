"""What the manifests of all models share."""

import hashlib
import json
from pathlib import Path

import torch

import data

VERSION = "1.0.0"
LICENSE = "MIT (data: Fashion-MNIST, MIT)"
CAPTIONED = "Fashion-MNIST, 60,000 training images, captions from templates and measured attributes"
UNLABELLED = "Fashion-MNIST, 60,000 training images without labels; the linear head with labels"
DEGRADED = "Fashion-MNIST, 2,000 training images, pristine and degraded, without labels"
COMMAND = "python3 models/training/train.py all --cache DIR"
PREPROCESSING = {"width": data.SIZE, "height": data.SIZE, "channels": 1, "range": [-1, 1], "resize": "bilinear"}


def read(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def write(folder: Path, manifest: dict) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def update(folder: Path, changes: dict) -> None:
    write(folder, read(folder) | changes)


def head(folder: Path, kind: str, description: str) -> dict:
    """The first fields of every manifest."""
    return {"schema": 1, "name": folder.name, "version": VERSION, "kind": kind, "description": description,
            "license": LICENSE}


def entry(path: Path) -> dict:
    """How a manifest names a file."""
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def training(cache: Path, checkpoint: str, seed: int, of: str) -> dict:
    state = torch.load(cache / f"{checkpoint}.pt", map_location="cpu")
    return {"command": COMMAND, "data": of, "steps": state["step"], "seconds": round(state["seconds"]), "seed": seed}
