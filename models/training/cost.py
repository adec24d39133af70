"""What a network costs."""

import torch
from torch.profiler import ProfilerActivity, profile

COUNTED = ("aten::conv2d", "aten::mm", "aten::addmm", "aten::bmm")


@torch.no_grad()
def flops_per_row(network: torch.nn.Module, inputs: tuple) -> int:
    """Floating-point operations of a row: twice the multiply-adds of convolutions and matrix products.

    inputs: of a batch of one. Normalisations, activations and sums are not counted.
    """
    with profile(activities=[ProfilerActivity.CPU], with_flops=True, record_shapes=True) as seen:
        network.cpu()(*inputs)
    return sum(event.flops or 0 for event in seen.events() if event.name in COUNTED)
