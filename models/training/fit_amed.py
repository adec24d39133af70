"""Fits the few parameters of the sampler "amed" for a flow model and measures what they buy.

AMED (arXiv 2312.00094) lets a small network predict three numbers a step; here they are constants a step, found by
L-BFGS on the distance between where amed ends and where a teacher of many Heun steps ends from the same noise.
Parameters and figures go to amed.json in the model's folder; the manifest takes the parameters over on request alone.
"""

import json
from pathlib import Path

import numpy as np
import torch

import data
import forms
import latents
import manifest
import metrics
import solvers
import trained
import workers
from denoiser import CLASS_NONE
from flows import Flow
from judge import SAMPLES, SEED, Judge
from sampler import PIXELS, Space, sample
from solvers import Amed, AmedStep
from towers import TEXT

FITTED = (2, 3, 4, 5)  # steps: 3, 5, 7 and 9 evaluations
TEACHER_STEPS = 16  # of Heun: 31 evaluations
NOISES = 30
ROUNDS, EVALUATIONS = 14, 20  # of L-BFGS, on logit r, log a and log c in its scale
SCALE = 10.0  # of the squared distance, so that the first step is neither timid nor wild
FIT_SEED = 60_013
FORM = forms.LinearFlow()


FILE = "amed.json"


def _states(which: Flow) -> Space:
    """Ends are compared, and decoded, as they are: not clipped."""
    return Space(shape=latents.SHAPE if which.latent else PIXELS.shape, finish=torch.clone)


def fit(cache: Path, folder: Path, which: Flow) -> None:
    """Writes the parameters by number of steps; they are fitted at the model's default guidance."""
    network, guidance = trained.denoiser(cache, which), manifest.read(folder)["defaults"]["guidance"]
    noise = torch.randn(NOISES, *_states(which).shape, generator=torch.Generator().manual_seed(FIT_SEED))
    ends = _ends(network, which, NOISES, TEACHER_STEPS, guidance, FIT_SEED, solvers.heun)
    tables = workers.spread(_fit, [(network, noise, ends, guidance, steps) for steps in reversed(FITTED)])
    _write(folder, {"guidance": guidance, "parameters": {
        str(len(table) + 1): [{name: round(getattr(step, name), 6) for name in "rca"} for step in table]
        for table in reversed(tables)}})


def adopt(folder: Path) -> None:
    """Puts the parameters into the manifest, so that the sampler takes them: the model gets another digest."""
    manifest.update(folder, {"amed": read(folder)["parameters"]})


def read(folder: Path) -> dict:
    return json.loads((folder / FILE).read_text())


def _write(folder: Path, content: dict) -> None:
    (folder / FILE).write_text(json.dumps(content, indent=1) + "\n")


def _fit(network, noise: torch.Tensor, ends: torch.Tensor, guidance: float, steps: int) -> list[AmedStep]:
    """noise and ends [N, C, H, W], classes in turn -> the parameters of all steps but the last."""
    points = [FORM.at(time) for time in forms.uniform(FORM, steps)]
    labels = torch.arange(len(noise)) % len(data.CLASSES)
    predict = solvers.predictor(network, "velocity", labels, torch.zeros(len(noise), TEXT), CLASS_NONE, guidance)
    raw = torch.zeros(steps - 1, 3, requires_grad=True)
    optimizer = torch.optim.LBFGS([raw], max_iter=ROUNDS, max_eval=EVALUATIONS, line_search_fn="strong_wolfe")
    distances = []

    def distance():
        optimizer.zero_grad()
        found = SCALE * (Amed(FORM, _steps(raw, points))(predict, points, noise) - ends).square().mean()
        found.backward()
        distances.append((found.item() / SCALE) ** 0.5)
        return found

    optimizer.step(distance)
    print(f"amed, {steps} steps: {distances[0]:.4f} unfitted, {min(distances):.4f} fitted, {len(distances)} looks", flush=True)
    return [AmedStep(*(float(value) for value in (step.r, step.c, step.a))) for step in _steps(raw.detach(), points)]


def _steps(raw: torch.Tensor, points: list[forms.Point]) -> list[AmedStep]:
    """Any numbers [steps, 3] -> r in (0, 1), c and a above 0; zeros are the unfitted sampler.

    A small change of c in a step that ends at a small part of its ratio is a large one beside what is left of the
    noise, so the numbers of c count in that part.
    """
    return [AmedStep(row[0].sigmoid(), (row[1] * then.ratio / solvers.first_ratio(now, then)).exp(), row[2].exp())
            for row, now, then in zip(raw, points, points[1:])]


def _ends(network, which: Flow, count: int, steps: int, guidance: float, seed: int, method) -> torch.Tensor:
    """Where paths end that begin at the noises of this seed, classes in turn: states [count, C, H, W]."""
    return sample(network, torch.arange(count) % len(data.CLASSES), torch.zeros(count, TEXT), steps=steps,
                  guidance=guidance, seed=seed, space=_states(which), method=method, batch=min(125, count // 2))


def measure(cache: Path, folder: Path, which: Flow, finish) -> None:
    """Adds FID, class accuracy and the distance to the teacher's ends at 3 to 9 evaluations; finish: states -> images."""
    network, found, judge = trained.denoiser(cache, which), read(folder), Judge(cache)

    def ends(method, steps):
        return _ends(network, which, SAMPLES, steps, found["guidance"], SEED, method)

    def figures(states):
        """Of states [N, C, H, W], classes in turn."""
        features, classes = judge.see(finish(states).numpy())
        distance = (states - teacher).square().flatten(1).mean(dim=1).sqrt().mean()
        return {"fid_fashion_features": round(metrics.frechet(judge.reference_features, features), 3),
                "class_accuracy": round(float((classes == np.arange(len(states)) % len(data.CLASSES)).mean()), 4),
                "distance_to_teacher": round(float(distance), 4)}

    teacher = ends(solvers.heun, TEACHER_STEPS)
    rows = [{"sampler": "heun, the teacher", "nfe": 2 * TEACHER_STEPS - 1} | figures(teacher)]
    for steps in FITTED:
        nfe = 2 * steps - 1
        fitted = tuple(AmedStep(**step) for step in found["parameters"][str(steps)])
        for name, method, count in (("euler", solvers.euler, nfe), ("heun", solvers.heun, steps),
                                    ("dpmpp-2m", solvers.dpmpp_2m, nfe), ("amed, not fitted", Amed(FORM), steps),
                                    ("amed, fitted", Amed(FORM, fitted), steps)):
            rows.append({"sampler": name, "nfe": nfe} | figures(ends(method, count)))
            print(rows[-1], flush=True)
    _write(folder, found | {"samples": SAMPLES, "rows": rows})
