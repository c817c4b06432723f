package org.jmoco.nn.data.augment;

import java.util.List;
import org.jmoco.nn.data.DataException;

/// What the device makes of bytes: `x = (v/255 − mean)/std`, per channel. Data of a pipeline; never computed on
/// the host.
///
/// @param mean,std red, green, blue, on the scale 0 … 1
public record Normalize(List<Double> mean, List<Double> std) {
    public static final Normalize IMAGENET = new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    public static final Normalize CIFAR =
            new Normalize(List.of(0.4914, 0.4822, 0.4465), List.of(0.2023, 0.1994, 0.2010));

    public Normalize {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3 || std.stream().anyMatch(s -> !(s > 0))) {
            throw new DataException(
                    "normalize: mean and std need three numbers each, std above 0, got " + mean + " and " + std);
        }
    }
}
