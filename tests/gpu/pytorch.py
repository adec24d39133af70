#!/usr/bin/env python3
"""Times the same denoiser in PyTorch and writes the table: pytorch.py MODEL_FOLDER RESULT_FOLDER DOCUMENT [cuda|cpu]

The network is the class that trained the model, models/training/denoiser.py, with the weights of the ONNX file; it must
predict what RESULT_FOLDER says that ONNX Runtime predicts. Time is from arrays in pinned memory to arrays in pinned
memory, the shortest of 20, as DiffusionMesh measures itself.
"""
import json
import platform
import re
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training"))
from denoiser import Denoiser, GroupNorm, Size  # noqa: E402

ROUNDS = 20
TOLERANCE = 2e-2


def network_of(folder: Path) -> Denoiser:
    """The trained network, its weights taken from the ONNX file by name or, where the export folded a name, by order."""
    manifest = json.loads((folder / "manifest.json").read_text())
    graph = onnx.load(str(folder / manifest["components"]["denoiser"]["file"])).graph
    weights = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    encoder = [weights[f"encoder.{level}.conv1.weight"].shape[0] for level in range(3)]
    network = Denoiser(manifest["conditioning"]["text"]["dimension"], Size(tuple(encoder), weights["label.weight"].shape[1])).eval()

    # Scale and shift of the group norms, in the order in which the network runs them.
    norms, order = [], []
    for module in network.modules():
        if isinstance(module, GroupNorm):
            norms.append(module.register_forward_hook(lambda module, *_: order.append(module)))
    side = manifest["latent"]["shape"][1]
    with torch.no_grad():
        network(torch.zeros(1, 1, side, side), torch.zeros(1), torch.zeros(1, dtype=torch.long),
                torch.zeros(1, network.text.in_features), torch.ones(network.size.skips))
    for hook in norms:
        hook.remove()
    folded = {kind: [name for node in graph.node if node.op_type == kind for name in node.input
                     if name.startswith("onnx::") and name in weights and weights[name].dim() == 3] for kind in ("Mul", "Add")}
    state = network.state_dict()
    names = {id(module): name for name, module in network.named_modules()}
    for module, scale, shift in zip(order, folded["Mul"], folded["Add"], strict=True):
        state[names[id(module)] + ".weight"] = weights[scale].flatten()
        state[names[id(module)] + ".bias"] = weights[shift].flatten()

    products = [name for node in graph.node if node.op_type == "MatMul" for name in node.input if name in weights]
    state["text.weight"] = weights[products[0]].t().contiguous()
    given = {name: value for name, value in weights.items() if name in state}
    missing = state.keys() - given.keys() - {"text.weight", "time.frequencies"} - {name for name in state if "norm" in name}
    if len(products) != 1 or missing:
        raise SystemExit(f"the weights of {sorted(missing) or 'text'} were not found in the ONNX file")
    state.update(given)
    network.load_state_dict(state)
    return network


def inputs_of(network, rows: int, side: int):
    return [torch.randn(rows, 1, side, side), torch.full((rows,), 0.5), torch.zeros(rows, dtype=torch.long),
            torch.zeros(rows, network.text.in_features)]


def check(network, device, results: Path, side: int) -> float:
    x = torch.from_numpy(np.fromfile(results / "x.bin", np.float32).reshape(-1, 1, side, side))
    t = torch.from_numpy(np.fromfile(results / "t.bin", np.float32))
    label = torch.from_numpy(np.fromfile(results / "class_label.bin", np.int64))
    expected = np.fromfile(results / "velocity.bin", np.float32).reshape(x.shape)
    text = torch.zeros(len(x), network.text.in_features)
    with torch.inference_mode():
        found = network(*(value.to(device) for value in (x, t, label, text)), torch.ones(network.size.skips, device=device))
    difference = float(np.abs(found.cpu().numpy() - expected).max() / np.abs(expected).max())
    if not difference <= TOLERANCE:
        raise SystemExit(f"PyTorch's network is not the same: it differs by {difference:.3g} of the largest prediction")
    return difference


def seconds(run, device, network, rows: int, side: int) -> float:
    pin = device == "cuda"
    given = [value.pin_memory() if pin else value for value in inputs_of(network, rows, side)]
    found = torch.empty(rows, 1, side, side)
    found = found.pin_memory() if pin else found
    scale = torch.ones(network.size.skips, device=device)

    def once() -> None:
        found.copy_(run(*(value.to(device, non_blocking=True) for value in given), scale), non_blocking=True)
        if pin:
            torch.cuda.synchronize()

    with torch.inference_mode():
        for _ in range(3):
            once()
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            once()
            times.append(time.perf_counter() - start)
    return min(times)


def write(document: Path, text: str) -> None:
    begin, end = "<!-- begin cuda -->", "<!-- end cuda -->"
    old = document.read_text()
    new, count = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n{text}\n{end}", old, flags=re.S)
    if count != 1:
        raise SystemExit(f"{document} must have one pair of the marks {begin} and {end}")
    document.write_text(new)


def main() -> None:
    folder, results, document = (Path(argument) for argument in sys.argv[1:4])
    device = sys.argv[4] if len(sys.argv) > 4 else "cuda"
    result = json.loads((results / "result.json").read_text())
    side = json.loads((folder / "manifest.json").read_text())["latent"]["shape"][1]
    network = network_of(folder).to(device)
    difference = check(network, device, results, side)

    ways = {name: {point["rows"]: point["seconds"] for point in points} for name, points in result["speed"].items()}
    rows = sorted(next(iter(ways.values())))
    runs = {"PyTorch": network}
    if device == "cuda" and hasattr(torch, "compile"):
        runs["PyTorch, compiled"] = torch.compile(network, mode="reduce-overhead")
    for name, run in runs.items():
        ways[name] = {count: seconds(run, device, network, count, side) for count in rows}

    accelerator = torch.cuda.get_device_name() if device == "cuda" else platform.processor() or "the processor"
    lines = [
        f"{result['model']} on {accelerator}, {time.strftime('%Y-%m-%d')}, {result['compute_class']}, PyTorch {torch.__version__}.",
        f"Rows in batches of up to 32: {result['determinism'].lower()}. Largest difference from the processor's predictions, as a part",
        f"of the largest: ONNX Runtime {result['difference']:.1e}, PyTorch {difference:.1e}.",
        "",
        "| rows a second, by rows in a batch | " + " | ".join(str(count) for count in rows) + " |",
        "|---|" + "---|" * len(rows),
    ]
    for name, times in ways.items():
        lines.append(f"| {name} | " + " | ".join(f"{count / times[count]:,.0f}" if count in times else "" for count in rows) + " |")
    write(document, "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
