"""PyTorch's side of bench/gpu: what the device can do at most, and the products, convolutions and training steps that jmoco is timed on.

    python3 gpu.py ceilings|products|convolutions|norms|step OUT.jsonl [--batch 32] [--precision fp32,tf32,bf16] [--small]

A line of OUT.jsonl is a number as org.jmoco.bench.GpuResults writes them. Each is written as soon as it is known, so that what a time limit cuts off leaves
the rest. Without a GPU everything runs on the processor, which --small is for: sizes that only show that the program works.

fp32 has TF32 switched off. bf16 is autocast over channels-last images, as mixed precision is trained; fp32 and tf32 take the faster of the two orders.
"""

import argparse
import copy
import json
import statistics
import time

import torch
import torch.nn.functional as F
import torchvision

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")

PRODUCTS = [1024, 2048, 4096, 8192]
# Pixels a side, channels in and out, kernel size, stride: the convolutions of org.jmoco.bench.GpuBench.
CONVOLUTIONS = [
    (224, 3, 64, 7, 2),
    (56, 64, 64, 1, 1),
    (56, 64, 64, 3, 1),
    (56, 64, 256, 1, 1),
    (56, 128, 128, 3, 2),
    (28, 128, 512, 1, 1),
    (28, 128, 128, 3, 1),
    (28, 256, 256, 3, 2),
    (14, 1024, 256, 1, 1),
    (14, 256, 256, 3, 1),
    (7, 512, 2048, 1, 1),
    (7, 512, 512, 3, 1),
]


def wait():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def median(work, runs=10, warm=3):
    """Seconds of one run, each waited for."""
    for _ in range(warm):
        work()
    wait()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        wait()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def precision(name):
    """Switches TF32; says what to compute in."""
    torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
    torch.backends.cudnn.allow_tf32 = name == "tf32"
    return torch.bfloat16 if name == "bf16" else torch.float32


class Results:
    def __init__(self, path, part):
        self.path = path
        self.part = part

    def add(self, what, side, value, unit):
        line = {"part": self.part, "what": what, "side": side, "value": value, "unit": unit}
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(f"{self.part}: {what}, {side}: {value:.4g} {unit}", flush=True)


def ceilings(out, options):
    size = 256 if options.small else 8192
    elements = 1 << (20 if options.small else 30)
    a = torch.ones(elements, device=DEVICE)
    b = torch.empty_like(a)
    out.add("copy, bytes read and written", "torch", 8 * elements / median(lambda: b.copy_(a)) * 1e-9, "GB/s")
    del a, b
    for name in options.precision:
        dtype = precision(name)
        x = torch.randn(size, size, device=DEVICE, dtype=dtype)
        y = torch.randn(size, size, device=DEVICE, dtype=dtype)
        out.add(f"product of {size}", f"torch {name}", 2 * size**3 / median(lambda: x @ y) * 1e-12, "TFLOP/s")


def products(out, options):
    for size in [64] if options.small else PRODUCTS:
        for name in options.precision:
            dtype = precision(name)
            x = torch.randn(size, size, device=DEVICE, dtype=dtype)
            y = torch.randn(size, size, device=DEVICE, dtype=dtype)
            out.add(f"{size} × {size} × {size}", f"torch {name}", 2 * size**3 / median(lambda: x @ y) * 1e-12, "TFLOP/s")


def orders(name):
    return [torch.channels_last] if name == "bf16" else [torch.channels_last, torch.contiguous_format]


def convolution(name, shape, batch, mask):
    """Seconds of one pass, in the faster order of memory."""
    side, inner, outer, kernel, stride = shape
    dtype = precision(name)
    best = float("inf")
    for order in orders(name):
        x = torch.randn(batch, inner, side, side, device=DEVICE, dtype=dtype).to(memory_format=order)
        w = torch.randn(outer, inner, kernel, kernel, device=DEVICE, dtype=dtype).to(memory_format=order)
        y = F.conv2d(x, w, None, stride, kernel // 2)
        if mask is None:
            work = lambda: F.conv2d(x, w, None, stride, kernel // 2)
        else:
            dy = torch.randn_like(y)
            work = lambda: torch.ops.aten.convolution_backward(
                dy, x, w, None, [stride] * 2, [kernel // 2] * 2, [1, 1], False, [0, 0], 1, mask
            )
        best = min(best, median(work, runs=7))
    return best


def convolutions(out, options):
    torch.backends.cudnn.benchmark = True
    batch = 1 if options.small else options.batch
    for shape in CONVOLUTIONS[-1:] if options.small else CONVOLUTIONS:
        side, inner, outer, kernel, stride = shape
        flops = 2.0 * batch * (side // stride) ** 2 * inner * outer * kernel**2
        title = f"{kernel}×{kernel}, {inner} → {outer}" + (f", stride {stride}" if stride > 1 else "") + f" at {side}"
        passes = {"forward": None, "input gradient": [True, False, False], "weight gradient": [False, True, False]}
        for what, mask in passes.items():
            if what == "input gradient" and inner == 3:
                continue
            for name in options.precision:
                seconds = convolution(name, shape, batch, mask)
                out.add(f"{title}, {what}", f"torch {name}", flops / seconds * 1e-12, "TFLOP/s")


def norms(out, options):
    """Batch norm in training: bytes of images read and written, one pass for the statistics and one to normalise."""
    batch = 2 if options.small else options.batch
    for side, channels in [(7, 512)] if options.small else [(112, 64), (56, 256), (14, 1024)]:
        for name in options.precision:
            if name == "tf32":
                continue
            x = torch.randn(batch, channels, side, side, device=DEVICE, dtype=precision(name)).to(memory_format=torch.channels_last)
            w = torch.ones(channels, device=DEVICE)
            b = torch.zeros(channels, device=DEVICE)
            bytes_ = 3 * x.numel() * x.element_size()
            seconds = median(lambda: F.batch_norm(x, None, None, w, b, True))
            out.add(f"{channels} channels at {side}", f"torch {name}", bytes_ / seconds * 1e-9, "GB/s")


class Head(torch.nn.Module):
    def __init__(self, network, width, dim):
        super().__init__()
        self.network = network
        network.fc = torch.nn.Sequential(torch.nn.Linear(width, width), torch.nn.ReLU(), torch.nn.Linear(width, dim))

    def forward(self, x):
        return F.normalize(self.network(x), dim=1)


def step(out, options):
    """MoCo v2 (arXiv 2003.04297): the step that jmoco takes, one rank, on images that are on the device already."""
    torch.backends.cudnn.benchmark = True
    batch, side, keys = (4, 32, 64) if options.small else (options.batch, 224, 65536)
    network = torchvision.models.resnet18 if options.small else torchvision.models.resnet50
    width = 512 if options.small else 2048
    for name in options.precision:
        precision(name)
        torch.manual_seed(1)
        query = Head(network(), width, 128).to(DEVICE, memory_format=torch.channels_last).train()
        key = copy.deepcopy(query).requires_grad_(False)
        queue = F.normalize(torch.randn(128, keys, device=DEVICE), dim=0)
        sgd = torch.optim.SGD(query.parameters(), 0.03, momentum=0.9, weight_decay=1e-4)
        views = [
            torch.randint(0, 256, (batch, 3, side, side), device=DEVICE, dtype=torch.uint8).to(memory_format=torch.channels_last)
            for _ in range(2)
        ]
        mean = torch.tensor([0.485, 0.456, 0.406], device=DEVICE).view(1, 3, 1, 1)
        std = torch.tensor([0.229, 0.224, 0.225], device=DEVICE).view(1, 3, 1, 1)
        at = 0

        def once():
            nonlocal at
            xq, xk = ((v / 255.0 - mean) / std for v in views)
            with torch.autocast(DEVICE.type, torch.bfloat16, enabled=name == "bf16"):
                q = query(xq)
                with torch.no_grad():
                    for theta_k, theta_q in zip(key.parameters(), query.parameters()):
                        theta_k.mul_(0.999).add_(theta_q, alpha=0.001)
                    order = torch.randperm(batch, device=DEVICE)
                    k = key(xk[order])[torch.argsort(order)]
            q, k = q.float(), k.float()
            logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.clone()], 1) / 0.2
            loss = F.cross_entropy(logits, torch.zeros(batch, dtype=torch.long, device=DEVICE))
            sgd.zero_grad(set_to_none=True)
            loss.backward()
            sgd.step()
            queue[:, at : at + batch] = k.t()
            at = (at + batch) % keys

        try:
            seconds = median(once, runs=2 if options.small else 10, warm=1 if options.small else 5)
            out.add(f"batch {batch}", f"torch {name}", batch / seconds, "images/s")
            if DEVICE.type == "cuda":
                out.add(f"batch {batch}, memory", f"torch {name}", torch.cuda.max_memory_allocated() / 2**30, "GiB")
        except torch.OutOfMemoryError:
            print(f"step: batch {batch} in {name} does not fit", flush=True)
        del query, key, queue, sgd, views
        if DEVICE.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()


def main():
    parts = {f.__name__: f for f in (ceilings, products, convolutions, norms, step)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=parts)
    parser.add_argument("out")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--precision", type=lambda text: text.split(","), default=["fp32", "tf32", "bf16"])
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    parts[options.part](Results(options.out, options.part), options)


main()
