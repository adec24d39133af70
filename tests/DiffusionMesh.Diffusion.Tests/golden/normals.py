"""Golden values of addressed normal noise, computed independently with mpmath at 60 digits.

Prints, for a few addresses, the key after folding and the float32 bits of chosen elements.
Run with Python 3.9 and mpmath 1.3.0: python3 normals.py
"""
import struct

import mpmath

mpmath.mp.dps = 60
MASK = 0xFFFFFFFF


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def key_of(seed, lineage):
    key = (seed & MASK, seed >> 32)
    for element in lineage:
        key = philox((element, 0, 0, 1), key)[:2]
    return key


def normal(seed, lineage, index):
    words = philox((index // 4, 0, 0, 0), key_of(seed, lineage))
    first = index % 4 // 2 * 2
    u = (mpmath.mpf(words[first]) + mpmath.mpf(1) / 2) / 2**32
    v = (mpmath.mpf(words[first + 1]) + mpmath.mpf(1) / 2) / 2**32
    radius = mpmath.sqrt(-2 * mpmath.log(u))
    angle = 2 * mpmath.pi * v
    return radius * (mpmath.sin(angle) if index % 2 else mpmath.cos(angle))


def float32_bits(value):
    nearest = struct.unpack("<f", struct.pack("<f", float(value)))[0]
    return struct.unpack("<I", struct.pack("<f", nearest))[0]


if __name__ == "__main__":
    for seed, lineage in [(0, []), (0, [0]), (0, [0, 0]), (42, [3, 17]), (0xFEDCBA9876543210, [1, 0xFFFFFFFF, 7])]:
        for index in [0, 1, 2, 3, 4, 1023, 65537]:
            value = normal(seed, lineage, index)
            arguments = ", ".join(f"{e}u" for e in lineage)
            print(f"{{ {seed}UL, [{arguments}], {index}, 0x{float32_bits(value):08x} }}, // {mpmath.nstr(value, 17)}")
