"""Writes the ONNX project's backend tests as files that need no protobuf to read.

Usage: write-cases.py FOLDER. Writes FOLDER/<kind>.<test>.onnx, FOLDER/inputs.bin with the elements of all inputs
as the network carries them, and FOLDER/cases.json, a list of { kind, name, model, inputs, unsupported }: `inputs`
is a list of { name, type (TensorProto.DataType), dims, offset, bytes }, or null where one is no tensor, and then
`unsupported` says what it is.

`python -m onnx.backend.test.cmd_tools generate-data` writes no node cases: it collects
onnx.backend.test.case.model only. The loader below has them all.
"""

import json
import os
import struct
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import DATA_DIR, load_model_tests
from onnx.backend.test.runner import Runner

warnings.simplefilter("ignore")
folder = sys.argv[1]
KINDS = ["node", "simple", "pytorch-operator", "pytorch-converted", "real"]


class NotATensor(Exception):
    pass


def elements(tensor):
    """The elements of a TensorProto: raw, strings as their sizes and then their UTF-8."""
    if tensor.data_type == onnx.TensorProto.STRING:
        texts = list(tensor.string_data)
        return struct.pack(f"<{len(texts)}I", *map(len, texts)) + b"".join(texts)
    if tensor.raw_data:
        return tensor.raw_data
    return numpy_helper.from_array(numpy_helper.to_array(tensor)).raw_data


def as_tensor(value, name):
    if isinstance(value, onnx.TensorProto):
        return value
    if value is None:
        raise NotATensor("an optional without a value")
    if isinstance(value, (list, dict)):
        raise NotATensor("a sequence" if isinstance(value, list) else "a map")
    return numpy_helper.from_array(np.asarray(value), name)


def saved_tensor(path, type_proto):
    if type_proto.HasField("sequence_type") or type_proto.HasField("map_type"):
        raise NotATensor("a sequence" if type_proto.HasField("sequence_type") else "a map")
    with open(path, "rb") as file:
        if type_proto.HasField("optional_type"):
            optional = onnx.OptionalProto.FromString(file.read())
            return as_tensor(numpy_helper.to_optional(optional), "")
        return onnx.TensorProto.FromString(file.read())


def fed(model):
    """The inputs that a run gives: those without a weight of their name."""
    weights = {weight.name for weight in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def saved_sets(model, model_dir):
    sets = sorted(entry for entry in os.listdir(model_dir) if entry.startswith("test_data_set"))
    for data_set in sets:
        path = os.path.join(model_dir, data_set)
        count = sum(file.startswith("input_") for file in os.listdir(path))
        values = fed(model)[:count]
        yield lambda: [
            (value.name, saved_tensor(os.path.join(path, f"input_{index}.pb"), value.type))
            for index, value in enumerate(values)
        ]


def generated_sets(case):
    for inputs, _ in case.data_sets:
        values = zip(case.model.graph.input, inputs)
        yield lambda: [(value.name, as_tensor(data, value.name)) for value, data in values]


def dummy_sets(model):
    yield lambda: [
        (value.name, numpy_helper.from_array(Runner.generate_dummy_data(value))) for value in fed(model)
    ]


def open_case(case):
    if case.kind == "node":
        return case.model, generated_sets(case)
    if case.url is not None:
        model = onnx.load(os.path.join(DATA_DIR, *case.url.split("/")[-2:]))
        return model, dummy_sets(model)
    model = onnx.load(os.path.join(case.model_dir, "model.onnx"))
    return model, saved_sets(model, case.model_dir)


def write_tensor(file, name, tensor):
    place = {"offset": file.tell(), "bytes": file.write(elements(tensor))}
    return {"name": name, "type": tensor.data_type, "dims": list(tensor.dims), **place}


def write_case(case, inputs_file):
    model, data_sets = open_case(case)
    path = f"{case.kind}.{case.name}.onnx"
    with open(os.path.join(folder, path), "wb") as file:
        file.write(model.SerializeToString())
    for index, read in enumerate(data_sets):
        name = case.name if index == 0 else f"{case.name}#{index}"
        written = {"kind": case.kind, "name": name, "model": path, "inputs": None, "unsupported": None}
        try:
            written["inputs"] = [write_tensor(inputs_file, *tensor) for tensor in read()]
        except NotATensor as error:
            written["unsupported"] = str(error)
        yield written


cases = []
with open(os.path.join(folder, "inputs.bin"), "wb") as inputs_file:
    for kind in KINDS:
        for case in sorted(load_model_tests(kind=kind), key=lambda case: case.name):
            cases += write_case(case, inputs_file)
with open(os.path.join(folder, "cases.json"), "w") as file:
    json.dump(cases, file)
