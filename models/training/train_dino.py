"""Trains fashion-dino: self-distillation without labels (DINO, arXiv 2104.14294), then a linear head on top."""

import copy
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
from dino import EMBEDDING, PROTOTYPES, Dino, Network
from loop import DEVICE, Run, learning_rate, mixed_precision, restore
from views import views

SEED = 60_013
BATCH = 96
STEPS = 600
PEAK = 1.5e-3
SAVE_EVERY = 50
GLOBAL_VIEWS, LOCAL_VIEWS = 2, 4
GLOBAL, LOCAL = (32, (0.5, 1.0)), (16, (0.15, 0.5))  # size, share of the area
STUDENT_TEMPERATURE, TEACHER_TEMPERATURE = 0.1, 0.05
CENTRE_MOMENTUM = 0.9
TEACHER_MOMENTUM = (0.99, 0.9995)  # first and last, a cosine between them


class Centre(torch.nn.Module):
    """The running mean of the teacher's outputs, taken off them so that no prototype wins everywhere."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(PROTOTYPES))

    def update(self, outputs: torch.Tensor) -> None:
        self.mean.lerp_(outputs.mean(dim=0), 1 - CENTRE_MOMENTUM)


def loss(student: list[torch.Tensor], teacher: list[torch.Tensor], centre: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each view under the student with each other, global view under the teacher; views [N, K]."""
    targets = [F.softmax((outputs - centre) / TEACHER_TEMPERATURE, dim=1) for outputs in teacher]
    logs = [F.log_softmax(outputs / STUDENT_TEMPERATURE, dim=1) for outputs in student]
    pairs = [(target * log).sum(dim=1).mean()
             for i, target in enumerate(targets) for j, log in enumerate(logs) if i != j]
    return -torch.stack(pairs).mean()


def _forward(network: Network, images: list[torch.Tensor]) -> list[torch.Tensor]:
    """All views of one size in one pass."""
    with mixed_precision():
        outputs = network(torch.cat(images))
    return list(outputs.float().chunk(len(images)))


def train(cache: Path) -> None:
    torch.manual_seed(SEED)
    images = torch.from_numpy(data.load("train")[0])
    student, centre = Network().to(DEVICE).train(), Centre().to(DEVICE)
    teacher = copy.deepcopy(student).requires_grad_(False)
    optimizer = torch.optim.AdamW(student.parameters(), weight_decay=0.04)
    run = Run(cache / "dino.pt", student=student, teacher=teacher, centre=centre, optimizer=optimizer)

    while run.step < STEPS:
        torch.manual_seed(SEED + run.step)
        chosen = images[torch.randint(len(images), (BATCH,))]
        wide = [views(chosen, *GLOBAL).to(DEVICE) for _ in range(GLOBAL_VIEWS)]
        narrow = [views(chosen, *LOCAL).to(DEVICE) for _ in range(LOCAL_VIEWS)]
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(run.step, STEPS, PEAK, 300, 0.1)
        with torch.no_grad():
            targets = _forward(teacher, wide)
        error = loss(_forward(student, wide) + _forward(student, narrow), targets, centre.mean)
        optimizer.zero_grad()
        error.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 3.0)
        optimizer.step()
        run.step += 1
        _follow(teacher, student, run.step / STEPS)
        centre.update(torch.cat(targets))
        if run.step % SAVE_EVERY == 0 or run.step >= STEPS:
            run.save()
            print(f"dino step {run.step}/{STEPS} loss {error.item():.3f} {run.elapsed():.0f} s", flush=True)
    _head(cache, *data.load("train"))


@torch.no_grad()
def _follow(teacher: Network, student: Network, progress: float) -> None:
    """The teacher is the moving average of the student; it uses the statistics of its own batches while it trains."""
    first, last = TEACHER_MOMENTUM
    momentum = last - (last - first) * (1 + math.cos(math.pi * progress)) / 2
    for mine, theirs in zip(teacher.parameters(), student.parameters()):
        mine.lerp_(theirs, 1 - momentum)


@torch.no_grad()
def embed(encoder: torch.nn.Module, images: np.ndarray) -> torch.Tensor:
    """images [N, 1, 32, 32] -> [N, EMBEDDING]"""
    return torch.cat([encoder(torch.from_numpy(images[i:i + 500]).to(DEVICE)) for i in range(0, len(images), 500)])


def _head(cache: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Fits the linear head by logistic regression on the frozen teacher's embeddings; written to dino-head.pt."""
    torch.manual_seed(SEED)
    network = Dino().to(DEVICE)
    network.encoder = restore(cache / "dino.pt", Network(), "teacher").encoder
    embeddings, labels = embed(network.encoder, images), torch.from_numpy(labels).to(DEVICE)
    deviation, mean = torch.std_mean(embeddings, dim=0)
    deviation = deviation.clamp(min=1e-3 * float(deviation.mean()))
    scaled = (embeddings - mean) / deviation
    head = torch.nn.Linear(EMBEDDING, 10).to(DEVICE)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=150, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        error = F.cross_entropy(head(scaled), labels) + 1e-4 * head.weight.pow(2).sum()
        error.backward()
        return error

    optimizer.step(closure)
    with torch.no_grad():  # the scaling becomes part of the head
        network.head.weight.copy_(head.weight / deviation)
        network.head.bias.copy_(head.bias - network.head.weight @ mean)
    torch.save({"network": network.state_dict()}, cache / "dino-head.pt")
