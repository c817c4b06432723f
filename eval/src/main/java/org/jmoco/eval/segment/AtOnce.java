package org.jmoco.eval.segment;

import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;

/// How many images of a batch may be computed at once: found by planning, without allocating anything.
public final class AtOnce {
    private AtOnce() {}

    /// Looks whether a step fits as the recipe has it.
    ///
    /// @throws DeviceMemoryException saying what is needed, what there is and what would fit, if it does not
    public static void require(TrainingOutline what, Device device) {
        try {
            requireRoom(what, device, what.imagesAtOnce());
        } catch (DeviceMemoryException e) {
            throw advise(e, what, device);
        }
    }

    /// The same refusal with what fits.
    public static DeviceMemoryException advise(DeviceMemoryException refusal, TrainingOutline what, Device device) {
        int largest = SegmentOutline.largest(what.imagesAtOnce() - 1, n -> fits(what, device, n));
        return new DeviceMemoryException(refusal.getMessage() + "; " + advice(what, largest), refusal);
    }

    /// What to do.
    ///
    /// @param largest number of images that fit at once, 0 if not even one does
    static String advice(TrainingOutline what, int largest) {
        return largest == 0
                ? "not even one image fits at once, a smaller " + what.size() + " needs less"
                : "recipe.images-at-once="
                        + SegmentOutline.part(what.batch(), largest).orElseThrow()
                        + " fits, and is another protocol: so many images share batch norm's statistics; the largest"
                        + " batch that fits at once is " + largest;
    }

    private static boolean fits(TrainingOutline what, Device device, int n) {
        try {
            requireRoom(what, device, n);
            return true;
        } catch (DeviceMemoryException e) {
            return false;
        }
    }

    /// The first program of a step is the one that needs the most.
    private static void requireRoom(TrainingOutline what, Device device, int n) {
        device.backend().requireRoom(what.training(n).getFirst().graph());
    }
}
