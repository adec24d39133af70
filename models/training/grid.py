"""Grids of samples as PNG files."""

import struct
import zlib
from pathlib import Path

import numpy as np


def save_grid(images: np.ndarray, columns: int, path: Path) -> None:
    """images [N, 1, H, W] in [-1, 1], N a multiple of columns -> a greyscale PNG, row by row."""
    n, _, height, width = images.shape
    pixels = np.clip((images[:, 0] + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
    sheet = pixels.reshape(n // columns, columns, height, width).transpose(0, 2, 1, 3)
    sheet = sheet.reshape(n // columns * height, columns * width)
    rows = b"".join(b"\0" + row.tobytes() for row in sheet)  # filter 0: none

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", sheet.shape[1], sheet.shape[0], 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
                     + chunk(b"IEND", b""))
