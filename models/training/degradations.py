"""Ways to spoil an image, each with a strength in 0..1; fashion-aesthetic learns to see some and is tested on all.

Each function takes images float32 [N, 1, 32, 32] in [-1, 1], strengths [N] and a NumPy generator, and returns the same
shape in the same range. Strength 0 leaves an image (nearly) as it is.
"""

import numpy as np

SIZE = 32


def _mix(images, spoilt, share):
    """share [N] of the spoilt, the rest of the original."""
    share = share[:, None, None, None]
    return ((1 - share) * images + share * spoilt).astype(np.float32)


def _frequencies() -> np.ndarray:
    """Squared angular frequency of each coefficient of a 2-D Fourier transform, [SIZE, SIZE]."""
    w = 2 * np.pi * np.fft.fftfreq(SIZE)
    return w[:, None] ** 2 + w[None] ** 2


def _filter(images, responses) -> np.ndarray:
    """Multiplies the spectrum of each image by its response, [N, SIZE, SIZE]."""
    spectrum = np.fft.fft2(images[:, 0].astype(np.float32) + 1)
    return np.clip(np.fft.ifft2(spectrum * responses).real - 1, -1, 1)[:, None].astype(np.float32)


def blur(images, strengths, generator):
    """Gaussian, deviation up to 2.5 pixels."""
    return _filter(images, np.exp(-0.5 * (2.5 * strengths[:, None, None]) ** 2 * _frequencies()))


def noise(images, strengths, generator):
    """White, deviation up to 0.7."""
    drawn = generator.standard_normal(images.shape, np.float32)
    return np.clip(images + 0.7 * strengths[:, None, None, None] * drawn, -1, 1).astype(np.float32)


def _cosines() -> np.ndarray:
    """The orthonormal 8-point cosine transform, rows are frequencies."""
    k, x = np.arange(8)[:, None], np.arange(8)[None]
    rows = np.cos(np.pi * (2 * x + 1) * k / 16) / 2
    rows[0] /= np.sqrt(2)
    return rows.astype(np.float32)


def blocks(images, strengths, generator):
    """Cosine coefficients of 8x8 blocks rounded, as in JPEG: steps grow with frequency and strength."""
    transform = _cosines()
    tiles = images.reshape(len(images), 4, 8, 4, 8).transpose(0, 1, 3, 2, 4)
    coefficients = transform @ tiles @ transform.T
    frequency = np.arange(8)[:, None] + np.arange(8)[None]
    step = np.maximum(strengths, 1e-3)[:, None, None, None, None] * (0.3 + 0.35 * frequency)
    rounded = np.round(coefficients / step) * step
    tiles = transform.T @ rounded @ transform
    return np.clip(tiles.transpose(0, 1, 3, 2, 4).reshape(images.shape), -1, 1).astype(np.float32)


def contrast(images, strengths, generator):
    """Down to a fifth of the contrast, around the image's own mean."""
    means = np.broadcast_to(images.mean(axis=(1, 2, 3), keepdims=True), images.shape)
    return _mix(images, means, 0.8 * strengths)


def cut_out(images, strengths, generator):
    """A black square of up to 14 pixels' side in the middle 20 pixels."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    side = np.round(14 * strengths)[:, None, None]
    y, x = (generator.integers(6, 26, len(images))[:, None, None] for _ in range(2))
    inside = (np.abs(rows - y + 0.5) < side / 2) & (np.abs(columns - x + 0.5) < side / 2)
    return np.where(inside[:, None], np.float32(-1), images)


def posterise(images, strengths, generator):
    """Fewer levels of grey: from 16 down to 2."""
    steps = np.round(15 ** (1 - strengths))[:, None, None, None]
    return (np.round((images + 1) / 2 * steps) / steps * 2 - 1).astype(np.float32)


def ghost(images, strengths, generator):
    """Another image of the batch shines through, up to half."""
    return _mix(images, images[generator.permutation(len(images))], 0.5 * strengths)


def salt_and_pepper(images, strengths, generator):
    """Up to a quarter of the pixels become black or white."""
    hit = generator.random(images.shape) < 0.25 * strengths[:, None, None, None]
    return np.where(hit, np.where(generator.random(images.shape) < 0.5, -1, 1), images).astype(np.float32)


def pixelate(images, strengths, generator):
    """Mixed with the image at a quarter of the resolution."""
    coarse = images.reshape(len(images), 1, 8, 4, 8, 4).mean(axis=(3, 5)).repeat(4, axis=2).repeat(4, axis=3)
    return _mix(images, coarse, strengths)


def smear(images, strengths, generator):
    """Moved while exposed: a sideways mean over up to 9 pixels."""
    w = np.fft.fftfreq(SIZE)[None, None, :] * 9 * strengths[:, None, None]
    return _filter(images, np.broadcast_to(np.sinc(w), (len(images), SIZE, SIZE)))


def warp(images, strengths, generator):
    """Rows shifted by a wave of up to 4 pixels."""
    phase = generator.uniform(0, 2 * np.pi, len(images))[:, None]
    shifts = 4 * strengths[:, None] * np.sin(2 * np.pi * np.arange(SIZE)[None] / 12 + phase)
    columns = (np.arange(SIZE)[None, None] + np.round(shifts)[:, :, None]).astype(int) % SIZE
    return np.take_along_axis(images, columns[:, None], axis=3)


def tiles(images, strengths, generator):
    """Some of the sixteen tiles of 8x8 pixels change places, up to all."""
    count = len(images)
    parts = images.reshape(count, 4, 8, 4, 8).transpose(0, 1, 3, 2, 4).reshape(count, 16, 8, 8)
    keys = generator.random((count, 16))
    moved = keys < strengths[:, None]
    order = np.tile(np.arange(16), (count, 1))
    for i in range(count):
        places = np.flatnonzero(moved[i])
        order[i, places] = generator.permutation(places)
    parts = np.take_along_axis(parts, order[:, :, None, None], axis=1).reshape(count, 4, 4, 8, 8)
    return parts.transpose(0, 1, 3, 2, 4).reshape(images.shape)


SEEN = (blur, noise, blocks, contrast, cut_out, posterise, ghost)
HELD_OUT = (salt_and_pepper, pixelate, smear, warp, tiles)
