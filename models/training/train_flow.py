"""Trains a flow model: flow matching on the straight path between an image and noise (arXiv 2209.03003, 2210.02747)."""

from pathlib import Path

import numpy as np
import torch

import latents
import workers
from corpus import CAPTIONS_PER_IMAGE, Corpus
from denoiser import CLASS_NONE, Denoiser
from flows import Flow
from loop import DEVICE, Average, Run, learning_rate, mixed_precision
from tokenizer import Tokenizer
from towers import TEXT, TextTower

BATCH = 128
DECAY_FROM = 0.6
AVERAGE = 0.992
MEET_EVERY = 16  # steps after which the processes average their weights and the moving average is updated
SAVE_EVERY = 512
# What a row is conditioned on: its class, its caption, both, or nothing (which guidance needs).
CLASS_ONLY, BOTH, NOTHING = 0.40, 0.05, 0.15  # and the caption alone: the rest


@torch.no_grad()
def embed(tower: TextTower, tokenizer: Tokenizer, texts: list) -> tuple[torch.Tensor, torch.Tensor]:
    """Texts [N] -> an embedding for each distinct one, [M, TEXT], and which of them is each text's, int64 [N]."""
    distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    tokens = torch.from_numpy(tokenizer.encode(list(distinct))).to(DEVICE)
    embeddings = torch.cat([tower(rows) for rows in tokens.split(1000)])
    return embeddings, torch.tensor([distinct[text] for text in texts], device=DEVICE)


def condition(labels: torch.Tensor, texts: torch.Tensor, generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Drops the class, the caption or both of some rows: labels [N], texts [N, TEXT] -> the same shapes."""
    chance = torch.rand(len(labels), generator=generator, device=labels.device)
    has_class = chance < CLASS_ONLY + BOTH
    has_text = (chance >= CLASS_ONLY) & (chance < 1 - NOTHING)
    return torch.where(has_class, labels, CLASS_NONE), texts * has_text[:, None]


def train(flow: Flow, cache: Path, corpus: Corpus, tower: TextTower, steps: int) -> None:
    images, labels = (torch.from_numpy(values).to(DEVICE) for values in (corpus.images, corpus.labels))
    if flow.latent:
        images = latents.states(cache, images)
    embeddings, numbers = embed(tower, corpus.tokenizer, corpus.texts)
    workers.launch(_work, flow, cache, steps, images, labels, embeddings, numbers.view(-1, CAPTIONS_PER_IMAGE))


def _work(rank: int, world: int, flow: Flow, cache: Path, steps: int, images, labels, embeddings, numbers) -> None:
    """One of the processes: images [N, 1, 32, 32] or latents [N, 4, 8, 8], labels [N], embeddings [M, TEXT], numbers [N, K] of embeddings."""
    torch.manual_seed(flow.seed)
    network = Denoiser(TEXT, flow.size).to(DEVICE).train()
    optimizer = torch.optim.AdamW(network.parameters(), betas=(0.9, 0.99), weight_decay=0.01)
    average = Average(network, AVERAGE)
    run = Run(cache / f"{flow.checkpoint}.pt", network=network, average=average.network, optimizer=optimizer)
    skip_scale = torch.ones(flow.size.skips, device=DEVICE)
    share = BATCH // world
    generator = torch.Generator(DEVICE)
    recent = []

    while run.step < steps:
        generator.manual_seed((flow.seed + run.step) * world + rank)
        rows = torch.randint(len(labels), (share,), generator=generator, device=DEVICE)
        caption = torch.randint(CAPTIONS_PER_IMAGE, (share,), generator=generator, device=DEVICE)
        x0 = images[rows]
        label, text = condition(labels[rows], embeddings[numbers[rows, caption]], generator)
        eps = torch.randn(x0.shape, generator=generator, device=DEVICE)
        # Logit-normal (arXiv 2403.03206): most of the work at medium noise.
        t = torch.randn(share, generator=generator, device=DEVICE).sigmoid()
        x = torch.lerp(x0, eps, t[:, None, None, None])
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(run.step, steps, flow.peak, 500, DECAY_FROM)
        with mixed_precision():
            velocity = network(x, t, label, text, skip_scale)
        loss = (velocity.float() - (eps - x0)).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        run.step += 1
        recent.append(loss.item())
        if run.step % MEET_EVERY == 0:
            workers.average_weights(network)
            average.update(network, run.step // MEET_EVERY)
        if rank == 0 and (run.step % SAVE_EVERY == 0 or run.step >= steps):
            run.save()
            print(f"{flow.name} step {run.step}/{steps} loss {np.mean(recent):.4f} {run.elapsed():.0f} s", flush=True)
            recent.clear()
