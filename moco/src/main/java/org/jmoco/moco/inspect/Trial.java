package org.jmoco.moco.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.random.Philox;

/// The step of a configuration on made-up images: what it computes, needs and takes does not depend on what they
/// show, so no data set has to be there.
public final class Trial {
    private final Moco moco;
    private final Step step;
    private final MemorySegment query;
    private final MemorySegment key;
    private long done;

    /// @throws ConfigException if the configuration does not fix the size of the views
    public Trial(MocoConfig config, Device device) {
        Pixels pixels = pixels(config);
        moco = new Moco(config, pixels);
        step = moco.on(device);
        Philox draws = new Philox(config.seed(), 0, 0, 0);
        query = views(config.batch(), pixels, draws);
        key = views(config.batch(), pixels, draws);
    }

    /// What the views of a configuration look like.
    ///
    /// @throws ConfigException if it does not fix their size
    public static Pixels pixels(MocoConfig config) {
        Pipeline views = config.pipeline();
        int side = views.squareSide()
                .orElseThrow(() ->
                        new ConfigException("views: the size of the views follows from the images; let the transforms "
                                + "end with a crop, or give the preset a size"));
        return Pixels.bytes(side, side, views.normalize());
    }

    private static MemorySegment views(int batch, Pixels pixels, Philox draws) {
        MemorySegment bytes = Arena.ofAuto().allocate(3L * batch * pixels.height() * pixels.width(), Integer.BYTES);
        for (long at = 0; at < bytes.byteSize(); at++) {
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) draws.below(256));
        }
        return bytes;
    }

    /// Takes one step.
    ///
    /// @return how long it took, in nanoseconds
    public long step() {
        long start = System.nanoTime();
        step.run(query, key, moco.permutation(done++), 1e-3f);
        return System.nanoTime() - start;
    }

    /// The compiled programs of a step.
    public List<Compiled> programs() {
        return step.programs();
    }
}
