"""The VOC07 SVM protocol with scikit-learn's LinearSVC, on the problem that org.jmoco.bench.SvmBench wrote, and a comparison with its results.

    python3 svm.py FOLDER [--classes 0,6,16] [--tight 0,6,16] [--jobs 2]

Protocol: per class and cost 3-fold cross-validation (stratified, not shuffled, average precision), then a fit on all rows, as joblib tasks of one class and
cost; LinearSVC(penalty='l2', loss='squared_hinge', dual=True, tol=1e-4, max_iter=2000, intercept_scaling=1, class_weight={1: 2, -1: 1}).
--classes runs the protocol for some classes only; the time is then scaled to 20 classes and said to be so.
--tight refits these classes at the cost jmoco chose with tol=1e-10 and compares objectives.
CPU seconds are given beside wall seconds: on a busy machine only they can be compared. scikit-learn's answers are kept in FOLDER/sklearn.npz.
"""

import argparse
import os
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_score
from sklearn.svm import LinearSVC

COSTS = [1.0, 10.0, 100.0] + [0.5**n for n in range(4, 20)]


def normalised(x):
    x = x.astype(np.float64)
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-5)


def classifier(cost, tol=1e-4, max_iter=2000):
    return LinearSVC(
        C=cost,
        class_weight={1: 2, -1: 1},
        intercept_scaling=1.0,
        penalty="l2",
        loss="squared_hinge",
        tol=tol,
        dual=True,
        max_iter=max_iter,
    )


def objective(w, x, y, cost):
    f = x @ w[:-1] + w[-1]
    c = cost * np.where(y > 0, 2, 1)
    return 0.5 * w @ w + (c * np.maximum(0, 1 - y * f) ** 2).sum()


def task(x, y, cost):
    warnings.filterwarnings("ignore")
    cpu = time.process_time()
    score = cross_val_score(classifier(cost), x, y, cv=3, scoring="average_precision").mean()
    model = classifier(cost).fit(x, y)
    return score, np.append(model.coef_[0], model.intercept_[0]), time.process_time() - cpu


def area_ap(scores, labels):
    keep = labels != -1
    order = np.argsort(scores[keep], kind="stable")[::-1]
    hit = labels[keep][order] == 1
    tp = np.cumsum(hit)
    precision = np.concatenate([[0], tp / np.arange(1, len(hit) + 1), [0]])
    recall = np.concatenate([[0], tp / hit.sum(), [1]])
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    step = np.where(recall[1:] != recall[:-1])[0]
    return ((recall[step + 1] - recall[step]) * precision[step + 1]).sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--classes")
    parser.add_argument("--tight", default="0,6,14,16")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    load = lambda name: np.load(os.path.join(args.folder, name))
    x, xt = normalised(load("train-features.npy")), normalised(load("test-features.npy"))
    labels, labels_test = load("train-labels.npy"), load("test-labels.npy")
    costs, ap = load("jmoco-costs.npy"), load("jmoco-ap.npy")
    objectives, validation, weights = (
        load("jmoco-objectives.npy"),
        load("jmoco-validation.npy"),
        load("jmoco-weights.npy"),
    )
    seconds, cpu_seconds = [float(v) for v in open(os.path.join(args.folder, "jmoco-seconds.txt")).read().split()]
    every = labels.shape[1]
    sign = lambda c: np.where(labels[:, c] == 1, 1, -1)

    worst_objective = 0
    for c in [int(c) for c in args.tight.split(",") if c]:
        model = classifier(costs[c], tol=1e-10, max_iter=1_000_000).fit(x, sign(c))
        w = np.append(model.coef_[0], model.intercept_[0])
        theirs, ours = objective(w, x, sign(c), costs[c]), objective(weights[c], x, sign(c), costs[c])
        worst_objective = max(worst_objective, abs(ours - theirs) / theirs)
        print(
            f"class {c} cost {costs[c]}: objective jmoco {ours:.12g} (it says {objectives[c]:.12g}), LinearSVC tol 1e-10 {theirs:.12g}, "
            f"relative difference {(ours - theirs) / theirs:.2e}; AP {ap[c]:.6f} and {area_ap(xt @ w[:-1] + w[-1], labels_test[:, c]):.6f}",
            flush=True,
        )

    classes = [int(c) for c in args.classes.split(",")] if args.classes else list(range(every))
    start = time.time()
    results = Parallel(n_jobs=args.jobs)(delayed(task)(x, sign(c), cost) for c in classes for cost in COSTS)
    wall = time.time() - start
    np.savez(
        os.path.join(args.folder, "sklearn.npz"),
        classes=classes,
        wall=wall,
        scores=[r[0] for r in results],
        weights=[r[1] for r in results],
        cpu=[r[2] for r in results],
    )
    cpu = sum(r[2] for r in results)
    scale = every / len(classes)
    worst_ap, worst_cv, other = 0, 0, []
    for k, c in enumerate(classes):
        mine = results[k * len(COSTS) : (k + 1) * len(COSTS)]
        scores = np.array([r[0] for r in mine])
        best = int(np.argmax(scores))
        worst_cv = max(worst_cv, np.abs(scores - validation[c]).max())
        if COSTS[best] != costs[c]:
            other.append((c, COSTS[best], costs[c], scores[best] - scores[COSTS.index(costs[c])]))
        w = mine[COSTS.index(costs[c])][1]
        worst_ap = max(worst_ap, abs(area_ap(xt @ w[:-1] + w[-1], labels_test[:, c]) - ap[c]))
    print(
        f"{len(classes)} of {every} classes: scikit-learn {wall:.1f} s wall, {cpu:.1f} s CPU with {args.jobs} processes; for {every} classes {wall * scale:.1f} s wall, "
        f"{cpu * scale:.1f} s CPU"
    )
    print(f"jmoco {seconds:.1f} s wall, {cpu_seconds:.1f} s CPU")
    print(
        f"largest differences: test AP at the same cost {worst_ap:.2e}, cross-validation score {worst_cv:.2e}; other cost chosen: {other or 'never'}"
    )
    cpu_ratio = cpu * scale / cpu_seconds
    print(
        f"result ratio={wall * scale / seconds:.2f} cpu_ratio={cpu_ratio:.2f} ours_s={seconds:.1f} peer_s={wall * scale:.1f} classes={len(classes)} "
        f"objective_difference={worst_objective:.1e} ap_difference={worst_ap:.1e} other_costs={len(other)}"
    )


if __name__ == "__main__":
    main()
