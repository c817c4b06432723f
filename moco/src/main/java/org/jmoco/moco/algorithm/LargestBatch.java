package org.jmoco.moco.algorithm;

import java.util.OptionalInt;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.backend.DeviceMemoryException;

/// How many images a step may have on a device with too little memory: found by planning smaller steps, without
/// allocating anything.
final class LargestBatch {
    private LargestBatch() {}

    /// The same refusal with a batch that fits.
    static DeviceMemoryException advise(DeviceMemoryException refusal, Moco moco, Device device) {
        OptionalInt batch = find(moco.config(), moco.pixels(), device);
        String advice =
                batch.isPresent() ? "the largest batch that fits is " + batch.getAsInt() : "no smaller batch fits";
        String ranks = moco.config().ranksAtOnce() > 1 ? "; with the batch as it is, ranks-at-once=1 needs less" : "";
        return new DeviceMemoryException(refusal.getMessage() + "; " + advice + ranks, refusal);
    }

    private static OptionalInt find(MocoConfig config, Pixels pixels, Device device) {
        int step = config.ranks() * config.bn().splits();
        int fits = 0;
        int fails = config.batch() / step;
        while (fails - fits > 1) {
            int middle = (fits + fails) / 2;
            if (room(config.withBatch(middle * step), pixels, device) == Room.TOO_LITTLE) {
                fails = middle;
            } else {
                fits = middle;
            }
        }
        return fits > 0 && room(config.withBatch(fits * step), pixels, device) == Room.ENOUGH
                ? OptionalInt.of(fits * step)
                : OptionalInt.empty();
    }

    private enum Room {
        ENOUGH,
        TOO_LITTLE,
        /// Memory or not: batch norm needs more samples.
        NO_STEP
    }

    /// Whether the program that needs the most memory fits.
    private static Room room(MocoConfig config, Pixels pixels, Device device) {
        try {
            Moco smaller = new Moco(config, pixels);
            StepPrograms programs = new StepPrograms(smaller);
            Program largest = smaller.ranks().parts() == 1 ? programs.whole() : programs.queries(true);
            device.backend().requireRoom(largest.graph());
            return Room.ENOUGH;
        } catch (DeviceMemoryException e) {
            return Room.TOO_LITTLE;
        } catch (ShapeException e) {
            return Room.NO_STEP;
        }
    }
}
