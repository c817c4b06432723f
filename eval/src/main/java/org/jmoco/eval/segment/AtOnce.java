package org.jmoco.eval.segment;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.backend.DeviceMemoryException;

/// How many images of a batch may be computed at once: found by planning, without allocating anything.
final class AtOnce {
    private AtOnce() {}

    /// The same refusal with what fits.
    static DeviceMemoryException advise(
            DeviceMemoryException refusal, SegmentConfig config, SegmentTraining.Start start, Device device) {
        OptionalInt largest = IntStream.rangeClosed(1, config.recipe().imagesAtOnce() - 1)
                .map(i -> config.recipe().imagesAtOnce() - i)
                .filter(n -> config.recipe().batch() % n == 0 && fits(config, start, device, n))
                .findFirst();
        String advice = largest.isPresent()
                ? "recipe.images-at-once=" + largest.getAsInt()
                        + " fits, and is another protocol: so many images share batch norm's statistics"
                : "not even one image fits at once; smaller crops need less";
        return new DeviceMemoryException(refusal.getMessage() + "; " + advice, refusal);
    }

    private static boolean fits(SegmentConfig config, SegmentTraining.Start start, Device device, int n) {
        try {
            device.backend().requireRoom(program(config, start, n).graph());
            return true;
        } catch (DeviceMemoryException e) {
            return false;
        }
    }

    /// The program that needs the most memory when `n` images are computed at once.
    static Program program(SegmentConfig config, SegmentTraining.Start start, int n) {
        SegmentConfig.Recipe recipe = config.recipe();
        Segmenter net = new Segmenter(
                start.encoder().net().config(),
                config.model().options(start.names().size()),
                config.seed());
        Sgd sgd = new Sgd(recipe.options(), net.parameters());
        SegmentPrograms programs = new SegmentPrograms(net, start.normalize());
        int side = config.crops().side();
        double weight = config.model().auxiliaryWeight();
        return n == recipe.batch()
                ? programs.whole(n, side, side, sgd, weight)
                : programs.part(true, n, side, side, sgd, new GradientSum(sgd), weight);
    }
}
