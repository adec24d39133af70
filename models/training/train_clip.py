"""Trains fashion-clip: an image tower and a text tower whose vectors agree where a caption is true of an image."""

from pathlib import Path

import numpy as np
import torch

from corpus import CAPTIONS_PER_IMAGE, Corpus
from loop import DEVICE, Run, learning_rate, mixed_precision
from towers import Clip

SEED = 30_011
BATCH = 256
EPOCHS = 10
PEAK = 1e-3


def matches(labels, attributes, mentioned) -> torch.Tensor:
    """Which caption is true of which image: labels [N], attributes [N, 4], mentioned [N, 4] -> float [N, N].

    A caption is true of an image of its class that has every attribute that it mentions. Counting all of them as
    positives, not the diagonal alone, is the contrast of UniCL (arXiv 2204.03610).
    """
    same_class = labels[:, None] == labels[None, :]
    has = (mentioned[None] == 0) | (mentioned[None] == attributes[:, None])
    return (same_class & has.all(dim=2)).float()


def loss(similarities: torch.Tensor, positives: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over the columns and over the rows, each positive of a row or column weighing the same."""
    def one_way(s, p):
        return -(p / p.sum(dim=1, keepdim=True) * torch.log_softmax(s, dim=1)).sum(dim=1).mean()
    return 0.5 * (one_way(similarities, positives) + one_way(similarities.T, positives.T))


def train(cache: Path, corpus: Corpus) -> None:
    torch.manual_seed(SEED)
    network = Clip(corpus.tokenizer.size).to(DEVICE)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.02)
    run = Run(cache / "clip.pt", network=network, optimizer=optimizer)
    tokens = corpus.tokens
    steps_per_epoch = len(corpus.labels) // BATCH
    steps = EPOCHS * steps_per_epoch

    while run.step < steps:
        network.train()
        generator = np.random.default_rng([SEED, run.step])
        for rows in np.array_split(generator.permutation(len(corpus.labels)), steps_per_epoch):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(run.step, steps, PEAK, 200, 0.1)
            chosen = generator.integers(CAPTIONS_PER_IMAGE, size=len(rows))
            with mixed_precision():
                similarities = network(torch.from_numpy(corpus.images[rows]).to(DEVICE),
                                       torch.from_numpy(tokens[rows, chosen]).to(DEVICE))
            positives = matches(*(torch.from_numpy(values).to(DEVICE) for values in (
                corpus.labels[rows], corpus.attributes[rows], corpus.mentioned[rows, chosen])))
            error = loss(similarities.float(), positives)
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
            run.step += 1
        run.save()
        print(f"clip step {run.step}/{steps} loss {error.item():.3f} {run.elapsed():.0f} s", flush=True)
