"""A training step of torchvision's detectors, as the other side of `bench/run c4-train` and `fpn-train`.

    python3 detect_train.py --detector c4|fpn --weights FILE --scene FILE --classes 80 --batch 1 --regions 128 --threads 2 --layout contiguous|channels-last

fpn is torchvision's maskrcnn_resnet50_fpn; c4, which torchvision does not have, is its FasterRCNN on the first three stages of its ResNet-50 with the fourth
stage, a batch norm and the mean as box head, as MoCo's recipe has it. Weights, image and objects are what org.jmoco.bench.DetectBench wrote.
"""

import side  # first: what else is printed goes elsewhere

import argparse

import arrays
import torch
from torch import nn
from torchvision.models import resnet50
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.detection import FasterRCNN, maskrcnn_resnet50_fpn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor
from torchvision.ops import MultiScaleRoIAlign

SIZES, RATIOS = (32, 64, 128, 256, 512), (0.5, 1.0, 2.0)
LEVELS = ["0", "1", "2", "3"]
SAMPLE = 4096


class Trunk(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.body = IntermediateLayerGetter(net, {"layer3": "0"})
        self.out_channels = 1024

    def forward(self, x):
        return self.body(x)


class LastStage(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.layer4 = net.layer4
        self.norm = nn.BatchNorm2d(2048)

    def forward(self, x):
        return self.norm(self.layer4(x)).mean((2, 3))


def c4(classes, regions, size):
    net = resnet50(weights=None)
    return FasterRCNN(
        Trunk(net),
        min_size=min(size),
        max_size=max(size),
        rpn_anchor_generator=AnchorGenerator((SIZES,), (RATIOS,)),
        rpn_pre_nms_top_n_train=12000,
        rpn_post_nms_top_n_train=2000,
        box_roi_pool=MultiScaleRoIAlign(featmap_names=["0"], output_size=14, sampling_ratio=0),
        box_head=LastStage(net),
        box_predictor=FastRCNNPredictor(2048, classes + 1),
        box_batch_size_per_image=regions,
    )


def fpn(classes, regions, size):
    return maskrcnn_resnet50_fpn(
        weights=None,
        weights_backbone=None,
        num_classes=classes + 1,
        min_size=min(size),
        max_size=max(size),
        rpn_pre_nms_top_n_train=2000,
        rpn_post_nms_top_n_train=1000,
        box_batch_size_per_image=regions,
        box_roi_pool=MultiScaleRoIAlign(featmap_names=LEVELS, output_size=7, sampling_ratio=0),
        mask_roi_pool=MultiScaleRoIAlign(featmap_names=LEVELS, output_size=14, sampling_ratio=0),
    )


def load(model, file):
    """Weights under torchvision's names; of the extra C4 head, which has none, under those that jmoco has."""
    state = {name.replace("roi_head.shared_head.", "roi_heads.box_head."): a for name, a in arrays.read(file).items()}
    missing, unknown = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unknown:
        raise SystemExit(f"{file} does not fit: missing {missing}, unknown {unknown}")


def scene(file):
    given = arrays.read(file)
    image = given["pixels"].permute(2, 0, 1).contiguous().float() / 255
    target = {"boxes": given["boxes"], "labels": given["classes"].long() + 1, "masks": given["masks"]}
    return image, target


def optimizer(model):
    """Weight decay passes over norms, as in detectron2."""
    norms = {p for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()}
    others = [p for p in model.parameters() if p not in norms]
    groups = [{"params": others, "weight_decay": 1e-4}, {"params": list(norms), "weight_decay": 0}]
    return torch.optim.SGD(groups, lr=1e-4, momentum=0.9)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--detector", choices=["c4", "fpn"], required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--scene", required=True)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--regions", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=["contiguous", "channels-last"], required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    at_start = side.field("self", "VmRSS")
    image, target = scene(options.scene)
    make = c4 if options.detector == "c4" else fpn
    model = make(options.classes, options.regions, image.shape[1:])
    model.transform._skip_resize = True  # the image is as large as it should be
    load(model, options.weights)
    if options.layout == "channels-last":
        model = model.to(memory_format=torch.channels_last)
    if options.detector == "c4":
        del target["masks"]
    model.train()
    sgd = optimizer(model)
    images, targets = [image] * options.batch, [target] * options.batch

    def step():
        losses = model(images, targets)
        sgd.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        sgd.step()
        return losses

    def check():
        said, labels = [], []
        rpn = model.rpn.head.register_forward_hook(lambda module, given, out: said.extend(out[0]))
        draw = model.roi_heads.select_training_samples

        def drawn(*given):
            result = draw(*given)
            labels.extend(result[2])
            return result

        model.roi_heads.select_training_samples = drawn
        losses = step()
        rpn.remove()
        del model.roi_heads.select_training_samples
        logits = torch.cat([in_our_order(level.detach()) for level in said])
        some = logits[torch.arange(min(SAMPLE, len(logits))) * len(logits) // min(SAMPLE, len(logits))]
        names = ["loss_objectness", "loss_classifier", "loss_mask"]
        positive = torch.cat(labels) > 0
        return (
            some.tolist(),
            [losses[name].item() for name in names if name in losses],
            [positive.float().mean().item()],
        )

    side.serve(step, check, at_start)


def in_our_order(logits):
    """[n, anchors, h, w], ratio by ratio, to position by position, each size by size."""
    n, anchors, h, w = logits.shape
    return logits.reshape(n, len(RATIOS), -1, h, w).permute(0, 3, 4, 2, 1).reshape(-1)


if __name__ == "__main__":
    main()
