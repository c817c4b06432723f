"""torchvision's DataLoader on the files of `bench/run loader`, as a side of that benchmark: it answers the requests that org.jmoco.bench.SideMain lists.

    python3 loader.py --images FOLDER --batch 32 --workers 2

MoCo v2's augmentation as the official code has it, two views an image, ending with bytes (ToTensor and Normalize are left out: jmoco does them on the device).
"""

import side  # first: what else is printed goes elsewhere

import argparse
import os
import random

import torch
from PIL import Image, ImageFilter
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Blur:
    """GaussianBlur of facebookresearch/moco: sigma uniform in 0.1 ... 2.0, by Pillow."""

    def __call__(self, image):
        return image.filter(ImageFilter.GaussianBlur(radius=random.uniform(0.1, 2.0)))


class TwoViews(Dataset):
    def __init__(self, folder):
        self.files = sorted(os.path.join(folder, f) for f in os.listdir(folder))
        self.view = transforms.Compose(
            [
                transforms.RandomResizedCrop(224, scale=(0.2, 1.0)),
                transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
                transforms.RandomGrayscale(p=0.2),
                transforms.RandomApply([Blur()], p=0.5),
                transforms.RandomHorizontalFlip(),
                transforms.PILToTensor(),
            ]
        )

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with open(self.files[index], "rb") as f:
            image = Image.open(f).convert("RGB")
        return self.view(image), self.view(image)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    options = parser.parse_args()
    at_start = side.field("self", "VmRSS")
    loader = DataLoader(
        TwoViews(options.images),
        batch_size=options.batch,
        shuffle=True,
        num_workers=options.workers,
        persistent_workers=True,
    )

    def run():
        return sum(len(views[0]) for views in loader)

    def check():
        n = total = squares = 0
        for views in loader:
            for view in views:
                v = view.double()
                n += v.numel()
                total += v.sum().item()
                squares += (v * v).sum().item()
        mean = total / n
        return [(n, mean * 1e5, (squares / n - mean * mean) ** 0.5 * 1e5)]

    side.serve(run, check, at_start)


if __name__ == "__main__":
    main()
