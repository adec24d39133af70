"""Prints the rows of Noise/TorchNormalsTests.cs: values of torch.randn on a CPU, as float32 bits."""
import struct

import torch

print(f"// torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, 'cpu') else 'CPU'}")
for seed in (0, 42, 2**32 - 1, 2**40 + 7):
    for shape in ((1,), (2,), (15,), (16,), (17,), (40,), (1, 32, 32), (4, 9, 11)):
        torch.manual_seed(seed)
        values = torch.randn(shape).flatten()
        count = values.numel()
        for index in sorted({0, 1, 7, 8, count // 2, count - 17, count - 16, count - 1}):
            if 0 <= index < count:
                bits = struct.unpack("<I", struct.pack("<f", values[index].item()))[0]
                print(f"        {{ {seed}UL, {count}, {index}, 0x{bits:08x} }}, // {values[index].item():.9g}")
