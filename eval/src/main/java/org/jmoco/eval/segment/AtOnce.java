package org.jmoco.eval.segment;

import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.DeviceMemoryException;

/// How many images of a batch may be computed at once: found by planning, without allocating anything.
final class AtOnce {
    private AtOnce() {}

    /// Looks whether a step fits as the recipe has it.
    ///
    /// @throws DeviceMemoryException saying what is needed, what there is and what would fit, if it does not
    static void require(SegmentOutline what, Device device) {
        try {
            requireRoom(what, device, what.config().recipe().imagesAtOnce());
        } catch (DeviceMemoryException e) {
            throw advise(e, what, device);
        }
    }

    /// The same refusal with what fits.
    static DeviceMemoryException advise(DeviceMemoryException refusal, SegmentOutline what, Device device) {
        SegmentConfig.Recipe recipe = what.config().recipe();
        int largest = SegmentOutline.largest(recipe.imagesAtOnce() - 1, n -> fits(what, device, n));
        return new DeviceMemoryException(refusal.getMessage() + "; " + advice(recipe.batch(), largest), refusal);
    }

    /// What to do.
    ///
    /// @param largest number of images that fit at once, 0 if not even one does
    static String advice(int batch, int largest) {
        return largest == 0
                ? "not even one image fits at once, a smaller crops.side needs less"
                : "recipe.images-at-once="
                        + SegmentOutline.part(batch, largest).orElseThrow()
                        + " fits, and is another protocol: so many images share batch norm's statistics; the largest"
                        + " batch that fits at once is " + largest;
    }

    private static boolean fits(SegmentOutline what, Device device, int n) {
        try {
            requireRoom(what, device, n);
            return true;
        } catch (DeviceMemoryException e) {
            return false;
        }
    }

    /// The first program of a step is the one that needs the most.
    private static void requireRoom(SegmentOutline what, Device device, int n) {
        device.backend().requireRoom(what.training(n).getFirst().graph());
    }
}
