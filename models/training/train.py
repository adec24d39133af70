"""Trains, exports and measures the embedded models. Usage:

    python3 models/training/train.py all --cache DIR

DIR holds the checkpoints; an interrupted run continues from them. The steps can be run alone, in this order:
features, clip, flow, export, measure.
"""

import argparse
import os
from pathlib import Path

import torch

import corpus
import export
import measure
import report
import train_clip
import train_features
import train_flow
import trained

STAGES = ("features", "clip", "flow", "export", "measure")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("all", *STAGES))
    parser.add_argument("--cache", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--models", type=Path, default=Path(__file__).parents[1], help="folder to export to")
    parser.add_argument("--steps", type=int, default=train_flow.STEPS, help="training steps of the denoiser")
    arguments = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    arguments.cache.mkdir(parents=True, exist_ok=True)
    stages = STAGES if arguments.stage == "all" else (arguments.stage,)

    if "features" in stages:
        train_features.train(arguments.cache)
    if stages == ("features",):
        return
    training = corpus.train()
    if "clip" in stages:
        train_clip.train(arguments.cache, training)
    if "flow" in stages:
        tower = trained.clip(arguments.cache, training.tokenizer).text.tower
        train_flow.train(arguments.cache, training, tower, arguments.steps)
    flow, clip, features = (arguments.models / name for name in ("fashion-flow", "fashion-clip", "fashion-features"))
    if "export" in stages:
        export.features(arguments.cache, features)
        export.clip(arguments.cache, clip, training)
        export.flow(arguments.cache, flow, training)
    if "measure" in stages:
        test = corpus.test(training)
        measure.features(arguments.cache, features)
        measure.clip(arguments.cache, clip, training, test)
        measure.flow(arguments.cache, flow, training, test)
        report.write(arguments.models)


if __name__ == "__main__":
    main()
