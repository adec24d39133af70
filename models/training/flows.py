"""The two flow models: one recipe, two sizes."""

from dataclasses import dataclass

from denoiser import Size


@dataclass(frozen=True)
class Flow:
    name: str  # of the exported folder
    checkpoint: str  # in the cache, without ".pt"
    size: Size
    seed: int
    steps: int
    peak: float  # highest learning rate
    description: str


LARGE = Flow(
    "fashion-flow", "flow", Size((48, 96, 160), 192), seed=40_009, steps=11_008, peak=1.5e-3,
    description="U-Net of the linear flow for Fashion-MNIST, conditioned on a class, a prompt, both or neither.",
)
SMALL = Flow(
    "fashion-flow-small", "flow-small", Size((24, 48, 80), 96), seed=41_011, steps=8_192, peak=2e-3,
    description="fashion-flow with half the channels: about a quarter of its operations, the same interface.",
)
ALL = (LARGE, SMALL)
