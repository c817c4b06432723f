package org.jmoco.moco.pretrain;

import java.util.List;
import java.util.Set;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.train.RunIdentity;

/// What a pre-training run is of: its configuration and its images. All that decides the steps done so far must be
/// the same.
///
/// May differ: the name, where the data lies and how many threads load it, how many ranks are computed at once and
/// what is computed again to save memory, when checkpoints are made and the monitor looks, and when to stop
/// (`schedule.steps`; `schedule.epochs` too, unless the learning rate follows from it).
final class MocoIdentity {
    private static final Set<String> FREE = Set.of(
            "name",
            "data.path",
            "data.list",
            "data.workers",
            "data.unreadable",
            "ranks-at-once",
            "memory",
            "schedule.steps");
    private static final List<String> FREE_SECTIONS = List.of("data.train.", "data.test.", "knn.", "checkpoint.");
    private static final String EPOCHS = "schedule.epochs";

    private MocoIdentity() {}

    static RunIdentity of(MocoConfig config, BatchSource batches) {
        return RunIdentity.EMPTY
                .with(ConfigText.flat(config), key -> isFree(key, config))
                .orElse(ConfigText.flat(MocoConfig.defaults()))
                .with("the data set", batches.identity());
    }

    private static boolean isFree(String key, MocoConfig config) {
        boolean rateKnowsTheEnd = config.schedule().kind() == MocoConfig.Schedule.Kind.COSINE;
        return FREE.contains(key)
                || FREE_SECTIONS.stream().anyMatch(key::startsWith)
                || key.equals(EPOCHS) && !rateKnowsTheEnd;
    }
}
