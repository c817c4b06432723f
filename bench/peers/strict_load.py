"""Weights that jmoco wrote, in torchvision's networks: each file is loaded strictly, and its features of real images are compared with those that jmoco computed.

    python3 strict_load.py IMAGES ARCH FEATURES.npy FILE...

IMAGES    a folder of images, in the order of their names the rows of FEATURES.npy; resized to 256, cropped to 224 in the middle, normalised
ARCH      the network's name in torchvision, such as resnet50
FEATURES  what jmoco gives behind the global pooling, float32
FILE      .pth, .pt or .safetensors. A file without `fc.*` goes into the network with nn.Identity in its place, one with `fc.*` into a classifier of as many classes.

A line a file: name, arrays, how it was read, relative L2 distance of the features. Exits with 1 at the first file that torchvision does not take as it is.
"""

import inspect
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import arrays
import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

try:
    from safetensors.torch import load_file
except ImportError:
    load_file = None

PIPELINE = transforms.Compose(
    [
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


def state_dict(file):
    if file.endswith(".safetensors"):
        return (
            (load_file(file), "safetensors.torch")
            if load_file
            else (arrays.read(file), "as the format is documented")
        )
    if "weights_only" in inspect.signature(torch.load).parameters:
        return torch.load(file, map_location="cpu", weights_only=True), "torch.load(weights_only=True)"
    return torch.load(file, map_location="cpu"), "torch.load"


def network(arch, state):
    if "fc.weight" in state:
        return getattr(torchvision.models, arch)(weights=None, num_classes=len(state["fc.weight"]))
    net = getattr(torchvision.models, arch)(weights=None)
    net.fc = torch.nn.Identity()
    return net


def main():
    folder, arch, features, *files = sys.argv[1:]
    images = torch.stack(
        [PIPELINE(Image.open(os.path.join(folder, f)).convert("RGB")) for f in sorted(os.listdir(folder))]
    )
    theirs = torch.from_numpy(np.load(features)).double()
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}")
    for file in files:
        state, read = state_dict(file)
        net = network(arch, state)
        try:
            net.load_state_dict(state, strict=True)
        except RuntimeError as e:
            sys.exit(f"{os.path.basename(file)}: {e}")
        net.fc = torch.nn.Identity()
        with torch.no_grad():
            ours = net.eval()(images).double()
        if ours.shape != theirs.shape:
            sys.exit(f"{os.path.basename(file)}: features {tuple(ours.shape)}, jmoco gave {tuple(theirs.shape)}")
        print(f"{os.path.basename(file)}\t{len(state)}\t{read}\t{((theirs - ours).norm() / ours.norm()).item():.3e}")


if __name__ == "__main__":
    main()
