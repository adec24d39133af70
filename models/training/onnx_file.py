"""Writes a network as an ONNX file and looks at it again."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from loop import DEVICE
from manifest import entry

OPSET = 17


def write(network: torch.nn.Module, path: Path, inputs: dict, outputs: dict) -> dict:
    """Exports with the dimensions that each name lists as dynamic; returns the manifest's entry of the file.

    inputs: name -> (example, {axis: dimension name}); outputs: name -> {axis: dimension name}.
    """
    network = network.eval().cpu()
    examples = tuple(example for example, _ in inputs.values())
    axes = {name: axes for name, (_, axes) in inputs.items()} | outputs
    torch.onnx.export(
        network, examples, str(path), opset_version=OPSET, input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={name: named for name, named in axes.items() if named},
    )
    model = onnx.load(str(path))
    if "skip_scale" in inputs:  # an initializer of an input's name is its default
        model.graph.initializer.append(numpy_helper.from_array(np.ones_like(inputs["skip_scale"][0]), "skip_scale"))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    _compare(network, path, inputs)
    network.to(DEVICE)
    return entry(path)


def _compare(network: torch.nn.Module, path: Path, inputs: dict) -> None:
    """Runs the file in ONNX Runtime, where Python has it, and compares the results with PyTorch's."""
    try:
        import onnxruntime
    except ImportError:
        print(f"{path.name}: not compared, onnxruntime is not installed")
        return
    session = onnxruntime.InferenceSession(str(path))
    results = session.run(None, {name: example.numpy() for name, (example, _) in inputs.items()})
    with torch.no_grad():
        expected = network(*(example for example, _ in inputs.values()))
    for result, reference in zip(results, expected if isinstance(expected, tuple) else (expected,)):
        difference = float(np.abs(result - reference.numpy()).max())
        print(f"{path.name}: largest difference from PyTorch {difference:.1e}")
        assert difference < 1e-4
