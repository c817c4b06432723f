package org.jmoco.nn.data.augment;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// An augmentation as data: byte transforms in order, and how the device is to normalise their result.
///
/// Equal pipelines, images and random streams give equal bytes. [Preset] has the pipelines of the papers,
/// [PipelineMaps] reads and writes them as the maps and lists of a configuration file.
///
/// @param transforms applied from first to last; [PcaLighting] only at the end
public record Pipeline(List<Transform> transforms, Normalize normalize) {
    public Pipeline {
        transforms = List.copyOf(transforms);
        for (int i = 0; i < transforms.size() - 1; i++) {
            if (transforms.get(i) instanceof PcaLighting) {
                throw new DataException("PcaLighting acts on floats: it must be the last transform");
            }
        }
    }

    /// The view of an image that a stream of random numbers gives.
    public RgbImage apply(RgbImage image, Philox draws) {
        RgbImage result = image;
        for (Transform transform : transforms) {
            result = transform.apply(result, draws);
        }
        return result;
    }

    /// The lighting at the end, if the pipeline has one: draw its [PcaLighting#offset] after [#apply], from the
    /// same stream.
    public Optional<PcaLighting> lighting() {
        return !transforms.isEmpty() && transforms.getLast() instanceof PcaLighting lighting
                ? Optional.of(lighting)
                : Optional.empty();
    }

    /// The side in pixels of every view, if the transforms fix it; else views are as large as the images are.
    public OptionalInt squareSide() {
        OptionalInt side = OptionalInt.empty();
        for (Transform transform : transforms) {
            if (transform instanceof Resize) {
                side = OptionalInt.empty();
            } else if (transform.squareSide().isPresent()) {
                side = transform.squareSide();
            }
        }
        return side;
    }
}
