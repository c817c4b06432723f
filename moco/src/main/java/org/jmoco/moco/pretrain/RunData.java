package org.jmoco.moco.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.moco.algorithm.ReplayViews;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.source.Classified;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Remarks;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;

/// The data that a configuration names.
///
/// @param batches what is trained on
/// @param labelled what the nearest-neighbour monitor needs; empty if it is off
/// @param remarks  lines for people: what is left out, and what looks like a mistake
public record RunData(BatchSource batches, Optional<Labelled> labelled, List<String> remarks) {

    /// Labelled images as they are seen in evaluation.
    ///
    /// @param bank    training images   @param queries test images   @param plain the test transform
    public record Labelled(ImageSource bank, ImageSource queries, Pipeline plain) {}

    /// Opens the data.
    ///
    /// @throws org.jmoco.nn.data.DataException if it is missing or broken, or smaller than a batch
    /// @throws ConfigException if the monitor is on and there is nothing for it to look at
    public static RunData open(MocoConfig config) {
        DataSpec data = config.data();
        boolean monitored = config.knn().every() > 0;
        if (data.isViews()) {
            if (monitored) {
                throw new ConfigException(
                        "the kNN monitor needs labelled images, which ready-made views are not; set knn.every to 0");
            }
            return new RunData(new ReplayBatches(ReplayViews.read(data.root(), config)), Optional.empty(), List.of());
        }
        ImageSource train = data.images(Split.TRAIN);
        List<String> remarks = new ArrayList<>(Remarks.of(train));
        Optional<Labelled> labelled = monitored ? Optional.of(labelled(config, train, remarks)) : Optional.empty();
        return new RunData(new ImageBatches(train, config), labelled, remarks);
    }

    private static Labelled labelled(MocoConfig config, ImageSource all, List<String> remarks) {
        if (config.data().list().isPresent() && config.data().test().equals(DataSpec.Part.OF_KIND)) {
            throw new ConfigException(
                    "the kNN monitor needs test images, which a data.list does not have; set knn.every to 0");
        }
        ImageSource bank = Classified.only(all);
        ImageSource queries = config.data().withLimit(0).open(Split.TEST);
        requireClasses(bank);
        requireClasses(queries);
        Classified data = matched(config, bank, queries);
        if (bank != all) {
            remarks.add("warning: the kNN monitor looks at the images with classes alone: " + bank.size() + " of "
                    + all.size());
        }
        remarks.addAll(Remarks.of(queries));
        if (config.knn().k() > bank.size()) {
            remarks.add("warning: the kNN monitor takes all " + bank.size() + " training images for neighbours, not "
                    + config.knn().k() + " (knn.k)");
        }
        return new Labelled(data.train(), data.test(), plain(config, bank));
    }

    private static Pipeline plain(MocoConfig config, ImageSource bank) {
        Pipeline training = config.pipeline();
        int side = config.knn().size() > 0
                ? config.knn().size()
                : training.squareSide().orElse(0);
        return side > 0
                ? TestViews.of(
                        side,
                        training.normalize(),
                        bank,
                        config.data().kindThere().isEquallyLarge())
                : new Pipeline(List.of(), training.normalize());
    }

    private static Classified matched(MocoConfig config, ImageSource bank, ImageSource queries) {
        try {
            return Classified.of(bank, queries, config.data().classes());
        } catch (DataException e) {
            throw new ConfigException("the kNN monitor: " + e.getMessage() + "; mend that, or set knn.every to 0");
        }
    }

    private static void requireClasses(ImageSource images) {
        if (images.targets() != Target.Kind.CLASS) {
            throw new ConfigException("the kNN monitor needs images with one class each, and " + images.name(0)
                    + " has " + images.targets() + "; set knn.every to 0");
        }
    }
}
