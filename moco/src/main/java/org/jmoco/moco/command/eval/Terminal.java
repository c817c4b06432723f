package org.jmoco.moco.command.eval;

import java.util.Locale;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Remarks;
import org.jmoco.nn.train.Progress;

/// What a person sees while a benchmark runs: on stderr, so that stdout holds results alone.
final class Terminal {
    private Terminal() {}

    static Progress progress() {
        return Progress.forPeople();
    }

    /// Says what is left out of a benchmark's images, and what looks like a mistake.
    static void remark(Progress progress, ImageSource... parts) {
        for (ImageSource part : parts) {
            Remarks.of(part).forEach(progress::print);
        }
    }

    /// `train features 12,800/50,000, 431 images/s, 86 s left`.
    static FeatureFolder.Listener extraction(Progress progress, String what) {
        long start = System.nanoTime();
        return (done, now, total) -> {
            double seconds = (System.nanoTime() - start) / 1e9;
            double rate = now / Math.max(seconds, 1e-9);
            String left = now == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", %.1f images/s, %s left",
                            rate,
                            Progress.duration((total - done) / Math.max(rate, 1e-9)));
            progress.show(System.nanoTime(), String.format(Locale.ROOT, "%s %,d/%,d%s", what, done, total, left));
        };
    }
}
