"""Arrays in a .safetensors file, read as the format is documented: eight bytes of length, a JSON header, then the arrays."""

import json

import numpy as np
import torch

TYPES = {"F32": np.float32, "F64": np.float64, "I32": np.int32, "I64": np.int64, "U8": np.uint8}


def read(file):
    """The file's arrays by name, as tensors."""
    with open(file, "rb") as f:
        header = json.loads(f.read(int.from_bytes(f.read(8), "little")))
        data = f.read()
    state = {}
    for name, about in header.items():
        if name != "__metadata__":
            begin, end = about["data_offsets"]
            array = np.frombuffer(data[begin:end], TYPES[about["dtype"]]).reshape(about["shape"])
            state[name] = torch.from_numpy(array.copy())
    return state
