"""Work spread over processes; those of a training run average their weights now and then.

This is local SGD (arXiv 1805.09767). On a processor, processes of one thread each beat one process of several threads,
the more so where other programs compete for the cores: threads meet in every operation, these once in many steps.
"""

import functools
import os

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing

from loop import DEVICE


def count() -> int:
    """Processes that work is spread over: one per core, or a single one with a GPU."""
    return 1 if DEVICE.type == "cuda" else len(os.sched_getaffinity(0))


def launch(work, *arguments) -> None:
    """Calls work(rank, world, *arguments) in count() processes; tensors among the arguments are shared, not copied."""
    world = count()
    if world == 1:
        work(0, 1, *arguments)
    else:
        store = distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
        multiprocessing.spawn(_join, (world, store.port, work, arguments), nprocs=world)


def _join(rank: int, world: int, port: int, work, arguments) -> None:
    torch.set_num_threads(1)
    store = distributed.TCPStore("127.0.0.1", port, is_master=False)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=world)
    work(rank, world, *arguments)


@torch.no_grad()
def average_weights(network: torch.nn.Module) -> None:
    """Replaces every weight by its mean over the processes."""
    if distributed.is_initialized():
        weights = torch.nn.utils.parameters_to_vector(network.parameters())
        distributed.all_reduce(weights)
        torch.nn.utils.vector_to_parameters(weights / distributed.get_world_size(), network.parameters())


def spread(work, items: list[tuple]) -> list:
    """[work(*item) for item in items], computed in count() processes."""
    return [work(*item) for item in items] if count() == 1 else _pool().starmap(work, items, chunksize=1)


@functools.cache
def _pool():
    return multiprocessing.get_context("spawn").Pool(count(), torch.set_num_threads, (1,))
