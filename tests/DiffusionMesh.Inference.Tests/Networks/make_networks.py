#!/usr/bin/env python3
"""Writes the small networks beside this script: python3 tests/DiffusionMesh.Inference.Tests/Networks/make_networks.py

Needs python3-onnx (made with 1.12.0).
"""
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
FLOAT, INT64, DOUBLE = TensorProto.FLOAT, TensorProto.INT64, TensorProto.DOUBLE
STATE = ["N", "C", "H", "W"]


def value(name, shape, dtype=FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def node(operation, inputs, output, **attributes):
    return helper.make_node(operation, inputs.split(), [output], **attributes)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def write(file, nodes, inputs, outputs, constants=()):
    graph = helper.make_graph(nodes, "network", inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="make_networks.py")
    model.ir_version = 8
    (FOLDER / file).write_bytes(model.SerializeToString())


def denoiser(file, nodes, constants=(), x=STATE, v=STATE, x_type=FLOAT, v_type=FLOAT):
    write(file, nodes, [value("x", x, x_type), value("t", ["N"])], [value("v", v, v_type)], constants)


half = constant("half", np.float32(0.5))
HALVE = node("Mul", "x half", "halved")

# v = x / 2 + t: every row for itself.
time = [node("Unsqueeze", "t axes", "time"), node("Add", "halved time", "v")]
axes = constant("axes", np.array([1, 2, 3], np.int64))
denoiser("rowwise.onnx", [HALVE, *time], [half, axes])

# v = (x / 2 + t) / N: a row depends on how many there are.
count = [
    node("Shape", "x", "n", start=0, end=1), node("Cast", "n", "rows", to=FLOAT),
    node("Unsqueeze", "t axes", "time"), node("Add", "halved time", "sum"), node("Div", "sum rows", "v"),
]
denoiser("batch-size.onnx", [HALVE, *count], [half, axes])

# v = x / 2 + t - mean over the rows: a row depends on its neighbours.
mean = [
    node("ReduceMean", "x", "mean", axes=[0], keepdims=1), node("Sub", "halved mean", "centred"),
    node("Unsqueeze", "t axes", "time"), node("Add", "centred time", "v"),
]
denoiser("neighbours.onnx", [HALVE, *mean], [half, axes])

# Interfaces that no denoiser may have. Each is a network that ONNX Runtime itself accepts.
denoiser("double-input.onnx", [node("Cast", "x", "v", to=FLOAT)], x_type=DOUBLE)
denoiser("integer-output.onnx", [node("Cast", "x", "v", to=INT64)], v_type=INT64)
denoiser("flat-output.onnx", [node("Flatten", "x", "v")], v=["N", "D"])
denoiser("one-row.onnx", [node("Identity", "x", "v")], x=[1, 1, 8, 8], v=[1, 1, 8, 8])
denoiser("two-channels.onnx", [node("Concat", "x x", "v", axis=1)], v=["N", "D", "H", "W"])
denoiser("fixed-channels.onnx", [node("Identity", "x", "v")], x=["N", 3, "H", "W"], v=["N", 3, "H", "W"])
denoiser("huge-input.onnx", [node("Identity", "x", "v")], x=["N", 1, 2**40, 2**40], v=["N", 1, 2**40, 2**40])

# Two million million values out of one, asked of the allocator only when it is evaluated.
huge = constant("huge", np.array([2**20, 2**20], np.int64))
blown = [node("ConstantOfShape", "huge", "zeros"), node("ReduceSum", "zeros", "nothing", keepdims=0), node("Add", "x nothing", "v")]
denoiser("huge-values.onnx", blown, [huge])

# A weight of which only the dimensions are there.
empty = TensorProto(name="empty", data_type=FLOAT, dims=[2**20, 2**20])
denoiser("huge-weight.onnx", [node("ReduceSum", "empty", "nothing", keepdims=0), node("Add", "x nothing", "v")], [empty])


def external(name, location):
    tensor = TensorProto(name=name, data_type=FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    tensor.external_data.add(key="length", value="4")
    return tensor


# v = x * weight, with the weight in another file.
SCALE = [node("Mul", "x weight", "v")]
denoiser("external.onnx", SCALE, [external("weight", "weights.bin")])
denoiser("external-above.onnx", SCALE, [external("weight", "../weights.bin")])
denoiser("external-absolute.onnx", SCALE, [external("weight", "/etc/passwd")])

# The same hidden in a constant of a branch.
branch = helper.make_graph(
    [helper.make_node("Constant", [], ["hidden"], value=external("", "../weights.bin"))], "branch", [], [value("hidden", [1])])
choice = [
    helper.make_node("If", ["yes"], ["weight"], then_branch=branch, else_branch=branch),
    node("Mul", "x weight", "v"),
]
denoiser("external-hidden.onnx", choice, [constant("yes", np.array(True))])

# image = z with its four channels as 4 x 4 tiles: pixel (4 y + i, 4 x + j) is channel j at (y, x).
tiles = [node("Concat", "z z z z", "channels", axis=1), node("DepthToSpace", "channels", "image", blocksize=4, mode="DCR")]
write("decoder.onnx", tiles, [value("z", ["N", 4, "h", "w"])], [value("image", ["N", 1, "H", "W"])])
