package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.train.Checkout;
import org.jmoco.tensor.io.SafeTensors;

/// What a run is for: the query encoder with its head, under torchvision's names and in PyTorch's order of
/// elements. The file's metadata tells what it was made by; it is the same for the same run.
final class FinalWeights {
    private FinalWeights() {}

    static void write(Path file, Moco moco, Pixels pixels, long steps) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        metadata.put("config", ConfigText.of(moco.config()));
        metadata.put("steps", Long.toString(steps));
        metadata.put("revision", Checkout.revision());
        metadata.put("view-height", Integer.toString(pixels.height()));
        metadata.put("view-width", Integer.toString(pixels.width()));
        if (moco.config().knn().size() > 0) {
            metadata.put("test-size", Integer.toString(moco.config().knn().size()));
        }
        pixels.normalize().ifPresent(n -> {
            metadata.put("mean", n.mean().toString());
            metadata.put("std", n.std().toString());
        });
        SafeTensors.write(file, StateDict.of(moco.query()), metadata);
    }
}
