"""The flow models: one recipe, two sizes over pixels and one over latents."""

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
    latent: bool = False  # whether its states are latents of the autoencoder, not pixels


LARGE = Flow(
    "fashion-flow", "flow", Size((48, 96, 160), 192), seed=40_009, steps=11_008, peak=1.5e-3,
    description="U-Net of the linear flow for Fashion-MNIST, conditioned on a class, a prompt, both or neither.",
)
SMALL = Flow(
    "fashion-flow-small", "flow-small", Size((24, 48, 80), 96), seed=41_011, steps=8_192, peak=2e-3,
    description="fashion-flow with half the channels: about a quarter of its operations, the same interface.",
)
LATENT = Flow(
    "fashion-latent", "flow-latent", Size((64, 96), 96, data=4, patch=1), seed=43_003, steps=4_096, peak=2e-3, latent=True,
    description="Flow in the latents, 8x8x4, of a small autoencoder; conditioned like fashion-flow.",
)
ALL = (LARGE, SMALL, LATENT)

# Not trained: SMALL in another form, see vp.py.
VP = "fashion-vp"
VP_DESCRIPTION = "fashion-flow-small as a variance-preserving model that predicts the noise: the same weights."
