"""Goldens of ggml's block encodings, made by the Python package gguf (pip install gguf numpy): random blocks and the floats they stand for.

usage: gguf_quants.py OUT.json
"""
import base64
import json
import sys

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize

# Byte offsets of each block's half-precision numbers, which must be finite to make sense.
HALVES = {Type.F16: [0], Type.Q8_0: [0], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2],
          Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208]}
ROWS, COLUMNS = 2, 512


def blocks(kind, random):
    weights, size = GGML_QUANT_SIZES[kind]
    if kind == Type.F32:
        return random.standard_normal((ROWS, COLUMNS)).astype(np.float32).view(np.uint8)
    if kind in (Type.F16, Type.BF16):
        values = random.standard_normal((ROWS, COLUMNS)).astype(np.float32)
        return values.astype(np.float16).view(np.uint8) if kind == Type.F16 else (values.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
    data = random.integers(0, 256, (ROWS, COLUMNS // weights, size), dtype=np.uint8)
    for at in HALVES[kind]:
        data[:, :, at:at + 2] = random.standard_normal(data.shape[:2] + (1,)).astype(np.float16).view(np.uint8)
    return data.reshape(ROWS, -1)


def main(out):
    random = np.random.default_rng(20261121)
    cases = []
    for kind in (Type.F32, Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q4_K, Type.Q5_K, Type.Q6_K):
        data = np.ascontiguousarray(blocks(kind, random))
        floats = data.view(np.float32) if kind == Type.F32 else dequantize(data, kind)
        cases.append({"type": kind.name, "id": int(kind), "rows": ROWS, "columns": COLUMNS,
                      "data": base64.b64encode(data.tobytes()).decode(),
                      "floats": base64.b64encode(np.ascontiguousarray(floats, dtype="<f4").tobytes()).decode()})
    with open(out, "w", encoding="ascii") as file:
        json.dump({"cases": cases}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
