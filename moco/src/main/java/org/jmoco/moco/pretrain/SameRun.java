package org.jmoco.moco.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.train.Checkpoints;
import org.jmoco.nn.train.RunException;

/// Whether a checkpoint belongs to the run that wants to go on from it: all that decides the steps done so far
/// must be the same.
///
/// May differ: the name, where the data lies and how many threads load it, how many ranks are computed at once,
/// when checkpoints are made and the monitor looks, and when to stop (`schedule.steps`; `schedule.epochs` too,
/// unless the learning rate follows from it).
final class SameRun {
    private static final String CONFIG = "config";
    private static final String IMAGES = "data";
    private static final Set<String> FREE =
            Set.of("name", "data.path", "data.list", "data.workers", "ranks-at-once", "schedule.steps");
    private static final List<String> FREE_SECTIONS = List.of("knn.", "checkpoint.");
    private static final String EPOCHS = "schedule.epochs";

    private SameRun() {}

    /// What a checkpoint says about its run.
    static Map<String, String> describe(MocoConfig config, int dataSize) {
        return Map.of(CONFIG, ConfigText.of(config), IMAGES, Integer.toString(dataSize));
    }

    /// @throws RunException naming what differs
    static void require(Checkpoints.State checkpoint, MocoConfig config, int dataSize) {
        List<String> differences = new ArrayList<>();
        Map<String, String> there = ConfigText.flat(stored(checkpoint));
        ConfigText.flat(config).forEach((key, here) -> {
            if (!isFree(key, config) && !here.equals(there.get(key))) {
                differences.add(key + " was " + there.get(key) + " and is " + here);
            }
        });
        String images = checkpoint.metadata().get(IMAGES);
        if (!Integer.toString(dataSize).equals(images)) {
            differences.add("the data set had " + images + " images and has " + dataSize);
        }
        if (!differences.isEmpty()) {
            throw new RunException("the checkpoint of step " + checkpoint.step() + " is of another run: "
                    + String.join("; ", differences) + ". Go on with what it was, or choose another --out");
        }
    }

    private static MocoConfig stored(Checkpoints.State checkpoint) {
        try {
            return Binder.bind(
                    ConfigTree.parse(checkpoint.metadata().getOrDefault(CONFIG, ""), "its configuration"),
                    MocoConfig.defaults());
        } catch (ConfigException e) {
            throw new RunException(
                    "the checkpoint of step " + checkpoint.step() + " is of another version of jmoco: "
                            + e.getMessage(),
                    e);
        }
    }

    private static boolean isFree(String key, MocoConfig config) {
        boolean rateKnowsTheEnd = config.schedule().kind() == MocoConfig.Schedule.Kind.COSINE;
        return FREE.contains(key)
                || FREE_SECTIONS.stream().anyMatch(key::startsWith)
                || key.equals(EPOCHS) && !rateKnowsTheEnd;
    }
}
