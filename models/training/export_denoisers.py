"""Writes the denoisers as ONNX files and a manifest beside each."""

from pathlib import Path

import torch

import cost
import data
import flows
import latents
import manifest
import onnx_file
import prompts
import trained
from corpus import Corpus
from denoiser import CLASS_NONE
from flows import Flow
from towers import TEXT
from vp import NoisePredictor

PIXELS = (1, data.SIZE, data.SIZE)
OF_PIXELS = {"shape": list(PIXELS), "scale": 1.0, "shift": 0.0}


def flow(cache: Path, folder: Path, which: Flow, corpus: Corpus) -> None:
    decoder = None
    latent = OF_PIXELS
    folder.mkdir(exist_ok=True)
    if which.latent:
        scaling = latents.scaling(cache, torch.from_numpy(corpus.images))
        latent = {"shape": list(latents.SHAPE), "scale": scaling.scale, "shift": scaling.shift}
        decoder = onnx_file.write(trained.autoencoder(cache).decoder, folder / "decoder.onnx",
                                  {"z": (torch.randn(2, *latents.SHAPE), {0: "N", 2: "h", 3: "w"})},
                                  {"image": {0: "N", 2: "H", 3: "W"}})
    _write(cache, folder, corpus, trained.denoiser(cache, which), which, "velocity", which.description, decoder, {
        "form": {"type": "linear-flow"}, "prediction": "velocity", "schedule": {"type": "uniform"}, "latent": latent,
        "defaults": {"sampler": "euler", "steps": 20, "guidance": 1.5},
    })


def vp(cache: Path, folder: Path, corpus: Corpus) -> None:
    folder.mkdir(exist_ok=True)
    network = NoisePredictor(trained.denoiser(cache, flows.SMALL))
    _write(cache, folder, corpus, network, flows.SMALL, "noise", flows.VP_DESCRIPTION, None, {
        "form": {"type": "vp"}, "prediction": "epsilon", "schedule": {"type": "uniform"}, "latent": OF_PIXELS,
        "defaults": {"sampler": "euler", "steps": 20, "guidance": 2.0},
    })


def _write(cache: Path, folder: Path, corpus: Corpus, network: torch.nn.Module, which: Flow, output: str,
           description: str, decoder: dict | None, fields: dict) -> None:
    """Files and manifest; fields: what distinguishes the model, its latent without spatial_multiple."""
    shape = tuple(fields["latent"]["shape"])
    inputs = {
        "x": (torch.randn(2, *shape), {0: "N", 2: "H", 3: "W"}),
        "t": (torch.tensor([1.0, 0.3]), {0: "N"}),
        "class_label": (torch.tensor([9, CLASS_NONE]), {0: "N"}),
        "text_embedding": (torch.randn(2, TEXT), {0: "N"}),
        "skip_scale": (torch.ones(which.size.skips), {}),
    }
    components = {
        "denoiser": onnx_file.write(network, folder / "denoiser.onnx", inputs, {output: {0: "N", 2: "H", 3: "W"}}),
        "text_encoder": onnx_file.write(trained.clip(cache, corpus.tokenizer).text.tower, folder / "text_encoder.onnx",
                                        {"tokens": (torch.from_numpy(corpus.tokenizer.encode(corpus.texts[:2])),
                                                    {0: "N", 1: "T"})}, {"text_embedding": {0: "N"}}),
        "decoder": decoder,
    }
    row = tuple(value[:1] if axes else value for value, axes in inputs.values())
    corpus.tokenizer.save(folder / "tokenizer.json")
    prompts.save(folder / "prompts.json")
    manifest.write(folder, {
        **manifest.head(folder, "denoiser", description), **fields,
        "latent": fields["latent"] | {"spatial_multiple": which.size.multiple},
        "image": {"width": data.SIZE, "height": data.SIZE, "channels": 1, "range": [-1, 1]},
        "conditioning": {"classes": list(data.CLASSES), "class_none": CLASS_NONE,
                         "text": {"tokenizer": "tokenizer.json", "dimension": TEXT}},
        # Of one row, without the text encoder, which runs once a prompt.
        "components": components, "cost": {"flops_per_row": cost.flops_per_row(network, row)},
        "training": manifest.training(cache, which.checkpoint, which.seed, manifest.CAPTIONED), "quality": {},
    })
