"""Measures the trained models and writes the figures to their manifests.

All distances between sets of images are taken in the feature space of fashion-features.
"""

import functools
import itertools
from pathlib import Path

import numpy as np
import torch

import attributes
import data
import flows
import forms
import latents
import manifest
import metrics
import prompts
import solvers
import train_features
import trained
from captions import ADJECTIVES, NOUNS
from corpus import CAPTIONS_PER_IMAGE, Corpus
from denoiser import CLASS_NONE
from export import class_prompts
from flows import Flow
from grid import save_grid
from judge import SAMPLES, SEED, Judge
from loop import DEVICE
from sampler import PIXELS, Space, sample
from towers import TEXT
from vp import NoisePredictor

STEPS = 20
GUIDANCES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
SAMPLES_PER_PROMPT = 8
VP_SAMPLERS = {"euler": solvers.euler, "ddim": solvers.ddim, "dpmpp-2m": solvers.dpmpp_2m}
VP_SCHEDULES = {"uniform": forms.uniform, "log-snr": forms.log_snr, "karras": forms.karras}


@torch.no_grad()
def _in_batches(network, values: np.ndarray) -> np.ndarray:
    return torch.cat([network(torch.from_numpy(values[i:i + 500]).to(DEVICE)).cpu()
                      for i in range(0, len(values), 500)]).numpy()


def features(cache: Path, folder: Path) -> None:
    accuracy = train_features.accuracy(trained.classifier(cache), *data.load("t10k"))
    manifest.update(folder, {"quality": {"test_accuracy": round(accuracy, 4)}})


def clip(cache: Path, folder: Path, training: Corpus, test: Corpus) -> None:
    network = trained.clip(cache, training.tokenizer)
    images = _in_batches(network.image, test.images)

    def embed(texts):
        return _in_batches(network.text, test.tokenizer.encode(texts))

    classes = np.stack([embed(class_prompts(label)).mean(axis=0) for label in range(10)])
    classes /= np.linalg.norm(classes, axis=1, keepdims=True)
    zero_shot = float(((images @ classes.T).argmax(axis=1) == test.labels).mean())

    retrieval = {}
    for attribute in (attributes.TONE, attributes.PATTERN, attributes.WIDTH):
        high, low = (embed([f"a photo of a {ADJECTIVES[attribute, side][0]} {nouns[0][0]}" for nouns in NOUNS])
                     for side in (1, -1))
        margin = (images * (high - low)[test.labels]).sum(axis=1)
        truth = test.attributes[:, attribute]
        retrieval[attributes.NAMES[attribute]] = round(float((np.sign(margin) == truth)[truth != 0].mean()), 4)

    own = embed(test.texts[::CAPTIONS_PER_IMAGE])
    scores = 2.5 * np.maximum((images * own).sum(axis=1), 0)
    manifest.update(folder, {
        "score": manifest.read(folder)["score"] | {"real_mean": round(float(scores.mean()), 4),
                                                   "real_standard_deviation": round(float(scores.std(ddof=1)), 4)},
        "quality": {"zero_shot_accuracy": round(zero_shot, 4), "attribute_retrieval": retrieval},
    })


def space(cache: Path, which: Flow, training: Corpus) -> Space:
    """What the states of a flow model are and how they become images."""
    if not which.latent:
        return PIXELS
    decode = latents.Decode(cache, latents.scaling(cache, torch.from_numpy(training.images)))
    return Space(shape=latents.SHAPE, finish=decode)


def flow(cache: Path, folder: Path, which: Flow, training: Corpus) -> None:
    judge, of = Judge(cache), space(cache, which, training)
    extra = {"reconstruction": _reconstruction(cache, of.finish, judge)} if which.latent else {}
    draw = functools.partial(sample, trained.denoiser(cache, which), steps=STEPS, space=of)
    _denoiser(cache, folder, judge, training, draw, GUIDANCES, {"sampler": "euler"} | extra)


def vp(cache: Path, folder: Path, training: Corpus, guidance: float) -> None:
    """Chooses sampler and schedule by FID at half the steps; guidance: the default of the flow whose twin it is."""
    network = NoisePredictor(trained.denoiser(cache, flows.SMALL))
    draw = functools.partial(sample, network, space=Space(forms.VariancePreserving(), "epsilon"))
    judge, labels, choices = Judge(cache), torch.arange(SAMPLES) % 10, []
    for (sampler, method), (schedule, grid) in itertools.product(VP_SAMPLERS.items(), VP_SCHEDULES.items()):
        images = draw(labels, torch.zeros(SAMPLES, TEXT), steps=STEPS // 2, guidance=guidance, seed=SEED,
                      method=method, grid=grid).numpy()
        choices.append({"sampler": sampler, "schedule": schedule, "steps": STEPS // 2, "fid_fashion_features":
                        round(metrics.frechet(judge.reference_features, judge.see(images)[0]), 3)})
        print(choices[-1], flush=True)

    best = min(choices, key=lambda row: row["fid_fashion_features"])
    draw = functools.partial(draw, steps=STEPS, method=VP_SAMPLERS[best["sampler"]], grid=VP_SCHEDULES[best["schedule"]])
    manifest.update(folder, {
        "schedule": {"type": best["schedule"]},
        "defaults": manifest.read(folder)["defaults"] | {"sampler": best["sampler"]},
    })
    _denoiser(cache, folder, judge, training, draw, (1.0, guidance),
              {"sampler": best["sampler"], "schedule": best["schedule"], "choices": choices})


def _reconstruction(cache: Path, decode: latents.Decode, judge: Judge) -> dict:
    """Of real images through the autoencoder; the FID is the least that a model of its latents could come to."""
    with torch.no_grad():
        seen = decode.decoder(latents.encode(cache, torch.from_numpy(judge.other))).numpy()
    error = seen - judge.other
    return {"mean_absolute_error": round(float(np.abs(error).mean()), 4),
            "root_mean_square_error": round(float(np.sqrt(np.square(error).mean())), 4),
            "fid_fashion_features": round(metrics.frechet(judge.reference_features, judge.see(seen)[0]), 3)}


def _denoiser(cache: Path, folder: Path, judge: Judge, training: Corpus, draw, guidances, quality: dict) -> None:
    """draw(labels, texts, guidance, seed) -> images [N, 1, 32, 32]; quality: what its figures begin with."""
    sweep = _sweep(draw, judge, training.images, guidances)
    best = min(sweep, key=lambda row: row["fid_fashion_features"])
    manifest.update(folder, {
        "defaults": manifest.read(folder)["defaults"] | {"steps": STEPS, "guidance": best["guidance"]},
        "quality": quality | {
            "steps": STEPS, "samples": SAMPLES, "real_images": judge.distances(judge.other, training.images),
            "guidance_1": sweep[0], "default_guidance": best, "sweep": sweep,
            "prompts": _prompts(cache, draw, judge, training, best["guidance"]),
        },
    })
    labels = torch.arange(10).repeat_interleave(12)
    save_grid(draw(labels, torch.zeros(120, TEXT), guidance=best["guidance"], seed=SEED + 1).numpy(), 12,
              folder / "samples.png")


def _sweep(draw, judge: Judge, training: np.ndarray, guidances) -> list[dict]:
    """The figures of each guidance, labels alone as condition, up to the first at which FID rises."""
    labels = torch.arange(SAMPLES) % 10
    rows = []
    for guidance in guidances:
        images = draw(labels, torch.zeros(SAMPLES, TEXT), guidance=guidance, seed=SEED).numpy()
        accuracy = float((judge.see(images)[1] == labels.numpy()).mean())
        rows.append({"guidance": guidance, "class_accuracy": round(accuracy, 4)} | judge.distances(images, training))
        print(rows[-1], flush=True)
        if len(rows) > 1 and rows[-1]["fid_fashion_features"] > rows[-2]["fid_fashion_features"]:
            break
    return rows


def _prompts(cache: Path, draw, judge: Judge, training: Corpus, guidance: float) -> dict:
    """How often samples of the 50 prompts show the class and each attribute that the prompt asks for.

    An attribute is shown where its measure lies on the asked side of the middle of the class's training images,
    which a sample that ignores the prompt does half the time.
    """
    tower = trained.clip(cache, training.tokenizer).text.tower
    texts = _in_batches(tower, training.tokenizer.encode([text for text, _, _ in prompts.PROMPTS]))
    texts = torch.from_numpy(texts).repeat_interleave(SAMPLES_PER_PROMPT, dim=0)
    asked = prompts.attribute_rows().repeat(SAMPLES_PER_PROMPT, axis=0)
    labels = np.array([label for _, label, _ in prompts.PROMPTS]).repeat(SAMPLES_PER_PROMPT)
    unseen = prompts.unseen().repeat(SAMPLES_PER_PROMPT)
    images = draw(torch.full((len(texts),), CLASS_NONE), texts, guidance=guidance, seed=SEED + 2).numpy()
    right_class = judge.see(images)[1] == labels
    shown = training.thresholds.lean(attributes.measure(images, labels), labels) == asked

    def share(rows, among):
        return round(float(rows[among].mean()), 4)

    return {
        "samples_per_prompt": SAMPLES_PER_PROMPT, "guidance": guidance,
        "class_accuracy": {"seen": share(right_class, ~unseen), "unseen": share(right_class, unseen)},
        "attribute_accuracy": {
            "seen": share(shown, (asked != 0) & ~unseen[:, None]),
            "unseen": share(shown, (asked != 0) & unseen[:, None]),
            **{name: share(shown[:, i], asked[:, i] != 0) for i, name in enumerate(attributes.NAMES)},
        },
    }
