"""COCO's own evaluation of what org.jmoco.bench.CocoEvalBench wrote, and a comparison with its numbers.

    PYTHONPATH=COCOAPI/PythonAPI python3 coco_eval.py FOLDER BOXES|MASKS

pycocotools, built from github.com/cocodataset/cocoapi, is looked for on PYTHONPATH; it is no part of jmoco. Where NumPy no longer has `numpy.float`, which its
code names, this file says what it was.
"""

import contextlib
import io
import json
import os
import sys
import time

import numpy as np

if not hasattr(np, "float"):
    np.float = float
try:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
except ImportError as e:
    sys.exit(
        f"the peer needs pycocotools, which was not found ({e}): build github.com/cocodataset/cocoapi, PythonAPI, and name that folder in PYTHONPATH"
    )


def clocks():
    return time.perf_counter(), time.process_time()


def main():
    folder, region = sys.argv[1:]
    with contextlib.redirect_stdout(io.StringIO()):
        start = clocks()
        truth = COCO(os.path.join(folder, "instances.json"))
        with open(os.path.join(folder, region + ".json")) as f:
            detections = json.load(f)
        if region == "MASKS":
            for d in detections:
                del d["bbox"]  # else the areas would be those of the boxes
        found = truth.loadRes(detections)
        read = clocks()
        run = COCOeval(truth, found, "segm" if region == "MASKS" else "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
        done = clocks()
    theirs = [[read[k] - start[k], done[k] - read[k]] for k in range(2)]
    with open(os.path.join(folder, f"jmoco-{region}.txt")) as f:
        lines = [[float(w) for w in line.split()] for line in f]
    ours, again = [[[l[0], l[1]], [l[2], l[3]]] for l in (lines[0], lines[2])]
    numbers = np.array([-1 if np.isnan(v) else v for v in lines[1]])
    apart = np.abs(numbers - run.stats).max()
    print(f"COCO's numbers by {region.lower()}: " + " ".join(f"{v:.4f}" for v in run.stats))
    for name, t in ("jmoco, first run", ours), ("jmoco, second run", again), ("cocoapi", theirs):
        print(f"  {name:18} reading {t[0][0]:7.2f} s, scoring {t[0][1]:7.2f} s; CPU {t[1][0]:7.2f} and {t[1][1]:7.2f} s")
    if not apart <= 1e-9:
        sys.exit(f"the numbers are {apart:.1e} apart: they do not do the same work")
    total = [[sum(side[k]) for k in range(2)] for side in (ours, theirs)]
    print(
        f"result region={region} ratio={total[1][0] / total[0][0]:.1f} scoring_ratio={theirs[0][1] / ours[0][1]:.1f} cpu_ratio={total[1][1] / total[0][1]:.1f} "
        f"scoring_cpu_ratio={theirs[1][1] / ours[1][1]:.1f} ours_s={total[0][0]:.2f} peer_s={total[1][0]:.2f} apart={apart:.1e}"
    )


if __name__ == "__main__":
    main()
