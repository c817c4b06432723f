"""torchvision's DataLoader on the files of `bench/run loader`, as a side of that benchmark: it answers the requests that org.jmoco.bench.SideMain lists.

    python3 loader.py --images FOLDER --batch 32 --workers 2

MoCo v2's augmentation as the official code has it, two views an image, ending with bytes (ToTensor and Normalize are left out: jmoco does them on the device).
"""

import argparse
import os
import random
import sys
import time

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # standard output carries answers only

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


def field(pid, name):
    with open(f"/proc/{pid}/status") as f:
        return next((int(line.split()[1]) for line in f if line.startswith(name + ":")), 0)


def pids():
    with open(f"/proc/self/task/{os.getpid()}/children") as f:
        return [os.getpid()] + [int(p) for p in f.read().split()]


def cpu_nanos():
    total = 0
    for pid in pids():
        with open(f"/proc/{pid}/stat") as f:
            words = f.read().rsplit(")", 1)[1].split()
        total += int(words[11]) + int(words[12])
    return total * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    options = parser.parse_args()
    at_start = field("self", "VmRSS")
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
        return n, mean * 1e5, (squares / n - mean * mean) ** 0.5 * 1e5

    def warm_up(seconds):
        best = float("inf")
        end, runs, cpu = time.perf_counter() + seconds, 0, cpu_nanos()
        while runs < 2 or time.perf_counter() < end or cpu_nanos() - cpu < seconds * 1e9:
            start = time.perf_counter_ns()
            run()
            best = min(best, time.perf_counter_ns() - start)
            runs += 1
        return best

    def timed(runs):
        begin = cpu_nanos()
        for _ in range(runs // 4):
            run()  # not timed: the other side has left its own numbers in the caches
        cpu, start = cpu_nanos(), time.perf_counter_ns()
        for _ in range(runs):
            run()
        return f"took {time.perf_counter_ns() - start} {cpu_nanos() - cpu} {cpu_nanos() - begin}"

    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        words = line.split()
        if words[0] == "check":
            answer = "values " + " ".join(str(v) for v in check())
        elif words[0] == "warm-up":
            answer = f"took {warm_up(float(words[2]))}"
        elif words[0] == "round":
            answer = timed(int(words[2]))
        elif words[0] == "memory":
            # The workers' memory is largely the parent's, shared; what is their own counts.
            own = sum(field(p, "RssAnon") for p in pids()[1:])
            answer = f"kib {field('self', 'VmHWM') + own} {at_start} {at_start}"
        else:
            answer = "unknown request " + line
        answers.write(answer + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
