"""Compares goldens made anew with the committed ones: python compare.py NEW COMMITTED. Logits may differ by rounding, everything else by nothing."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

TOLERANCE = 2e-4
# What rounding decides, and what names the version of the tool that wrote a file.
LOOSE = {"margin", "llama_cpp_largest_difference", "transformers_version"}


def outline(path):
    """What a graph computes, without the names that exporters make up anew."""
    graph = onnx.load(path).graph
    constants = [attribute.t for node in graph.node for attribute in node.attribute if attribute.HasField("t")]
    weights = sorted(numpy_helper.to_array(tensor).tobytes() for tensor in [*graph.initializer, *constants])
    ends = [[value.name for value in values] for values in (graph.input, graph.output)]
    return sorted(node.op_type for node in graph.node), ends, weights


def same(new, committed):
    if new.suffix == ".onnx":
        return outline(new) == outline(committed)
    if new.suffix == ".f32":
        left, right = (np.fromfile(path, "<f4") for path in (new, committed))
        return left.shape == right.shape and bool(np.abs(left - right).max() <= TOLERANCE)
    if new.suffix == ".json":
        left, right = (json.loads(path.read_text("utf-8")) for path in (new, committed))
        return {k: v for k, v in left.items() if k not in LOOSE} == {k: v for k, v in right.items() if k not in LOOSE}
    return new.read_bytes() == committed.read_bytes()


def main():
    new, committed = Path(sys.argv[1]), Path(sys.argv[2])
    names = sorted({str(path.relative_to(root)) for root in (new, committed) for path in root.rglob("*") if path.is_file()})
    wrong = []
    for name in names:
        if not (new / name).exists() or not (committed / name).exists():
            wrong.append(f"{name}: only in {'the committed goldens' if not (new / name).exists() else 'those made anew'}")
        elif not same(new / name, committed / name):
            wrong.append(f"{name}: differs")
    for line in wrong:
        print(line)
    print(f"{len(names) - len(wrong)} of {len(names)} goldens are as committed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
