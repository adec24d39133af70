"""Trains, exports and measures the embedded models. Usage:

    python3 models/training/train.py all --cache DIR

DIR holds the checkpoints; an interrupted run continues from them. The steps can be run alone, in this order:
features, clip, flow, flow-small, autoencoder, flow-latent, dino, aesthetic, export, references, measure,
amed.
"""

import argparse
import os
from pathlib import Path

import torch

import corpus
import export
import export_denoisers
import fit_amed
import flows
import manifest
import measure
import measure_aesthetic
import measure_dino
import references
import report
import train_aesthetic
import train_autoencoder
import train_clip
import train_dino
import train_features
import train_flow
import trained

STAGES = ("features", "clip", "flow", "flow-small", "autoencoder", "flow-latent", "dino", "aesthetic", "export",
          "references", "measure", "amed")
MODELS = ("fashion-features", "fashion-clip", *(flow.name for flow in flows.ALL), flows.VP,
          "fashion-dino", "fashion-aesthetic")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("all", *STAGES))
    parser.add_argument("--cache", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--models", type=Path, default=Path(__file__).parents[1], help="folder to export to")
    parser.add_argument("--only", nargs="+", choices=MODELS, default=MODELS, help="models to export or measure")
    parser.add_argument("--steps", type=int, help="training steps of a flow model, instead of its own number")
    parser.add_argument("--adopt", action="store_true", help="let the manifest take what the stage amed fits")
    arguments = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    arguments.cache.mkdir(parents=True, exist_ok=True)
    stages = STAGES if arguments.stage == "all" else (arguments.stage,)

    _train(stages, arguments.cache, arguments.steps)
    folders = {name: arguments.models / name for name in arguments.only}
    if "export" in stages:
        _export(arguments.cache, arguments.models, folders)
    if "references" in stages:
        references.write(arguments.cache, arguments.models / "fashion-features")
    if "measure" in stages:
        _measure(arguments.cache, folders)
    if "amed" in stages:
        _fit_amed(arguments.cache, folders, arguments.adopt)
    if {"measure", "amed"} & set(stages):
        report.write(arguments.models)


def _train(stages: tuple, cache: Path, steps: int | None) -> None:
    if "features" in stages:
        train_features.train(cache)
    if "autoencoder" in stages:
        train_autoencoder.train(cache)
    if "dino" in stages:
        train_dino.train(cache)
    flow_stages = [flow for flow in flows.ALL if flow.checkpoint in stages]
    if not flow_stages and not {"clip", "aesthetic"} & set(stages):
        return
    training = corpus.train()
    if "clip" in stages:
        train_clip.train(cache, training)
    towers = trained.clip(cache, training.tokenizer)
    for flow in flow_stages:
        train_flow.train(flow, cache, training, towers.text.tower, steps or flow.steps)
    if "aesthetic" in stages:
        train_aesthetic.train(cache, towers.image)


def _export(cache: Path, models: Path, folders: dict[str, Path]) -> None:
    training = corpus.train()
    if folder := folders.get("fashion-features"):
        export.features(cache, folder)
    if folder := folders.get("fashion-clip"):
        export.clip(cache, folder, training)
    for flow in flows.ALL:
        if folder := folders.get(flow.name):
            export_denoisers.flow(cache, folder, flow, training)
    if folder := folders.get(flows.VP):
        export_denoisers.vp(cache, folder, training)
    if folder := folders.get("fashion-dino"):
        export.dino(cache, folder)
    if folder := folders.get("fashion-aesthetic"):
        export.aesthetic(cache, folder, models / "fashion-clip")


def _fit_amed(cache: Path, folders: dict[str, Path], adopt: bool) -> None:
    training = corpus.train()
    for flow in flows.ALL:
        if folder := folders.get(flow.name):
            fit_amed.fit(cache, folder, flow)
            fit_amed.measure(cache, folder, flow, measure.space(cache, flow, training).finish)
            if adopt:
                fit_amed.adopt(folder)


def _measure(cache: Path, folders: dict[str, Path]) -> None:
    training = corpus.train()
    if folder := folders.get("fashion-features"):
        measure.features(cache, folder)
    if folder := folders.get("fashion-clip"):
        measure.clip(cache, folder, training, corpus.test(training))
    for flow in flows.ALL:
        if folder := folders.get(flow.name):
            measure.flow(cache, folder, flow, training)
    if folder := folders.get(flows.VP):
        small = manifest.read(folder.parent / flows.SMALL.name)
        measure.vp(cache, folder, training, small["defaults"]["guidance"])
    if folder := folders.get("fashion-dino"):
        measure_dino.measure(cache, folder)
    if folder := folders.get("fashion-aesthetic"):
        measure_aesthetic.measure(cache, folder, trained.clip(cache, training.tokenizer).image)


if __name__ == "__main__":
    main()
