"""Rewrites a model's folder to float16, for accelerators: half the bytes of weights and of what runs between them.

    python3 models/training/half.py models/fashion-flow DIR/fashion-flow-half

Convolutions and matrix products, and what lies between them, are computed in float16; normalisation, softmax, and what is
computed from x and t before the first product (the embedding of t, where float16 has no digits left; the change of
variables of fashion-vp, where its rounding would count 152 times) stay in float32. Inputs and outputs stay float32, so
that nothing else need know. The text encoder, which runs once a prompt, is left as it is.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import manifest

PRODUCTS = {"Conv", "ConvTranspose", "Gemm", "MatMul"}
KEPT = {"InstanceNormalization", "LayerNormalization", "Softmax", "ReduceMean", "ReduceSum", "Pow", "Sqrt", "Exp", "Log",
        "Sin", "Cos", "Tanh", "Sinh"}
ALWAYS_SINGLE = {"Resize": {1, 2}}  # inputs that the operator's definition wants in float32
REWRITTEN = ("denoiser", "decoder")
HALF, SINGLE = TensorProto.FLOAT16, TensorProto.FLOAT


class Rewriting:
    """One graph on its way to float16."""

    def __init__(self, model: onnx.ModelProto):
        self.graph = onnx.shape_inference.infer_shapes(model).graph
        known = [*self.graph.value_info, *self.graph.input, *self.graph.output]
        inputs = {value.name for value in self.graph.input}
        self.floats = {value.name for value in known if value.type.tensor_type.elem_type == SINGLE}
        self.weights = {tensor.name: tensor for tensor in self.graph.initializer
                        if tensor.data_type == SINGLE and tensor.name not in inputs}
        self.half: set[str] = set()  # computed values that are now float16
        self.nodes: list[onnx.NodeProto] = []
        self.added: dict[str, onnx.TensorProto] = {}
        self.casts: set[str] = set()

    def run(self) -> onnx.GraphProto:
        defaults = [value.name for value in self.graph.initializer if value.name in {i.name for i in self.graph.input}]
        softened = {name: self._cast(name, HALF) for name in defaults if name in self.floats}  # such as skip_scale
        self.half.update(softened.values())
        for node in self.graph.node:
            for position, name in enumerate(node.input):
                node.input[position] = softened.get(name, name)
            self._node(node)
        for output in self.graph.output:
            if output.name in self.half:
                self._rename(output.name, output.name + "_half")
                self.nodes.append(helper.make_node("Cast", [output.name + "_half"], [output.name], to=SINGLE))
        used = {name for node in self.nodes for name in node.input}
        kept = [tensor for tensor in self.graph.initializer if tensor.name in used or tensor.name in defaults]
        return helper.make_graph(self.nodes, self.graph.name, self.graph.input, self.graph.output,
                                 [*kept, *(tensor for name, tensor in self.added.items() if name in used)])

    def _node(self, node: onnx.NodeProto) -> None:
        if any(attribute.g.node or attribute.graphs for attribute in node.attribute):
            raise ValueError(f"{node.op_type} {node.name}: graphs inside graphs are not rewritten")
        if node.op_type == "Constant" and node.attribute[0].t.data_type == SINGLE:
            tensor = TensorProto()
            tensor.CopyFrom(node.attribute[0].t)
            tensor.name = node.output[0]
            self.weights[tensor.name] = self.added[tensor.name] = tensor
            return
        computed = [name for name in node.input if name in self.half or (name in self.floats and name not in self.weights)]
        produces = [name for name in node.output if name in self.floats]
        if node.op_type == "Cast" or not (produces or computed):
            self._rename_inputs(node, SINGLE)
            self.nodes.append(node)
        elif node.op_type in KEPT:
            self._single(node, returning=bool(computed) and all(name in self.half for name in computed))
        elif node.op_type in PRODUCTS or all(name in self.half for name in computed):
            self._rename_inputs(node, HALF)
            self.nodes.append(node)
            self.half.update(produces)
        else:
            self._single(node, returning=False)

    def _single(self, node: onnx.NodeProto, returning: bool) -> None:
        """In float32; returning: what it gives is float16 again, as what it was given was."""
        self._rename_inputs(node, SINGLE)
        self.nodes.append(node)
        if returning:
            for position, name in enumerate(list(node.output)):
                node.output[position] = name + "_single"
                self.nodes.append(helper.make_node("Cast", [name + "_single"], [name], to=HALF))
                self.half.add(name)

    def _rename_inputs(self, node: onnx.NodeProto, wanted: int) -> None:
        for position, name in enumerate(node.input):
            kind = SINGLE if position in ALWAYS_SINGLE.get(node.op_type, ()) else wanted
            if name in self.weights:
                node.input[position] = self._weight(name, kind)
            elif kind == HALF and name in self.floats and name not in self.half:
                node.input[position] = self._cast(name, HALF)
            elif kind == SINGLE and name in self.half:
                node.input[position] = self._cast(name, SINGLE)

    def _weight(self, name: str, kind: int) -> str:
        if kind == SINGLE:
            return name
        values = numpy_helper.to_array(self.weights[name])
        if np.abs(values).max(initial=0) > np.finfo(np.float16).max:
            raise ValueError(f"{name}: has values beyond float16")
        self.added[name + "_half"] = numpy_helper.from_array(values.astype(np.float16), name + "_half")
        return name + "_half"

    def _cast(self, name: str, kind: int) -> str:
        cast = f"{name}_as_{'half' if kind == HALF else 'single'}"
        if cast not in self.casts:
            self.casts.add(cast)
            self.nodes.append(helper.make_node("Cast", [name], [cast], to=kind))
        return cast

    def _rename(self, name: str, new: str) -> None:
        for node in self.nodes:
            for names in (node.input, node.output):
                for position, value in enumerate(names):
                    if value == name:
                        names[position] = new


def rewrite(model: onnx.ModelProto) -> onnx.ModelProto:
    graph = Rewriting(model).run()
    result = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version,
                               producer_name=model.producer_name)
    onnx.checker.check_model(result)
    return result


def rewrite_folder(source: Path, target: Path) -> None:
    """Copies a model's folder, its denoiser and decoder in float16, under the new folder's name."""
    shutil.copytree(source, target)
    read = manifest.read(target)
    for component in REWRITTEN:
        if entry := read["components"].get(component):
            path = target / entry["file"]
            onnx.save(rewrite(onnx.load(str(path))), str(path))
            read["components"][component] = manifest.entry(path)
    manifest.write(target, read | {"name": target.name, "description": read["description"] + " In float16."})


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rewrite_folder(Path(sys.argv[1]), Path(sys.argv[2]))
