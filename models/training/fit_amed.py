"""Fits the few parameters of the sampler "amed" for a flow model over pixels and measures what they buy.

AMED (arXiv 2312.00094) lets a small network predict three numbers a step; here they are constants a step, found by
gradient descent on the distance between where amed ends and where a teacher of many Heun steps ends from the same noise.
"""

from pathlib import Path

import numpy as np
import torch

import data
import forms
import manifest
import metrics
import solvers
import trained
import workers
from denoiser import CLASS_NONE
from flows import Flow
from judge import SAMPLES, SEED, Judge
from sampler import Space, sample
from solvers import Amed, AmedStep
from towers import TEXT

FITTED = (2, 3, 4, 5)  # steps: 3, 5, 7 and 9 evaluations
TEACHER_STEPS = 16  # of Heun: 31 evaluations
NOISES = 30
ROUNDS, EVALUATIONS = 14, 20  # of L-BFGS, on logit r, log a and log c in its scale
SCALE = 10.0  # of the squared distance, so that the first step is neither timid nor wild
FIT_SEED = 60_013
FORM = forms.LinearFlow()


def _unclipped(x: torch.Tensor) -> torch.Tensor:
    return x


ENDS = Space(finish=_unclipped)


def fit(cache: Path, folder: Path, which: Flow) -> None:
    """Writes the parameters, by number of steps, to the manifest; they are fitted at the model's default guidance."""
    network, guidance = trained.denoiser(cache, which), manifest.read(folder)["defaults"]["guidance"]
    noise = torch.randn(NOISES, *ENDS.shape, generator=torch.Generator().manual_seed(FIT_SEED))
    ends = _ends(network, NOISES, TEACHER_STEPS, guidance, FIT_SEED, solvers.heun)
    tables = workers.spread(_fit, [(network, noise, ends, guidance, steps) for steps in reversed(FITTED)])
    manifest.update(folder, {"amed": {
        str(len(table) + 1): [{name: round(getattr(step, name), 6) for name in "rca"} for step in table]
        for table in reversed(tables)}})


def _fit(network, noise: torch.Tensor, ends: torch.Tensor, guidance: float, steps: int) -> list[AmedStep]:
    """noise and ends [N, 1, 32, 32], classes in turn -> the parameters of all steps but the last."""
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


def _ends(network, count: int, steps: int, guidance: float, seed: int, method) -> torch.Tensor:
    """Where paths end that begin at the noises of this seed, classes in turn: [count, 1, 32, 32]."""
    return sample(network, torch.arange(count) % len(data.CLASSES), torch.zeros(count, TEXT), steps=steps,
                  guidance=guidance, seed=seed, space=ENDS, method=method, batch=min(125, count // 2))


def measure(cache: Path, folder: Path, which: Flow) -> None:
    """Writes FID, class accuracy and the distance to the teacher's ends at 3 to 9 evaluations to the manifest."""
    network, read, judge = trained.denoiser(cache, which), manifest.read(folder), Judge(cache)
    guidance = read["defaults"]["guidance"]

    def ends(method, steps):
        return _ends(network, SAMPLES, steps, guidance, SEED, method).numpy()

    teacher = ends(solvers.heun, TEACHER_STEPS)
    rows = [{"sampler": "heun, the teacher", "nfe": 2 * TEACHER_STEPS - 1} | _figures(judge, teacher, teacher)]
    for steps in FITTED:
        nfe = 2 * steps - 1
        fitted = tuple(AmedStep(**step) for step in read["amed"][str(steps)])
        for name, method, count in (("euler", solvers.euler, nfe), ("heun", solvers.heun, steps),
                                    ("dpmpp-2m", solvers.dpmpp_2m, nfe), ("amed, not fitted", Amed(FORM), steps),
                                    ("amed, fitted", Amed(FORM, fitted), steps)):
            rows.append({"sampler": name, "nfe": nfe} | _figures(judge, ends(method, count), teacher))
            print(rows[-1], flush=True)
    manifest.update(folder, {"quality": read["quality"] | {"few_evaluations": {
        "samples": SAMPLES, "guidance": guidance, "rows": rows}}})


def _figures(judge: Judge, ends: np.ndarray, teacher: np.ndarray) -> dict:
    """Of samples [N, 1, 32, 32], not clipped, classes in turn."""
    features, classes = judge.see(ends.clip(-1, 1))
    distance = np.sqrt(np.square(ends - teacher).mean(axis=(1, 2, 3))).mean()
    return {"fid_fashion_features": round(metrics.frechet(judge.reference_features, features), 3),
            "class_accuracy": round(float((classes == np.arange(len(ends)) % len(data.CLASSES)).mean()), 4),
            "distance_to_teacher": round(float(distance), 4)}
