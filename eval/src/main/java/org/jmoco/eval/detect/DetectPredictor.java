package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.dense.FloatResize;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.dense.ResizeShortest;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;

/// What a trained detector finds in images of any size, one at a time: it does not depend on the others. The maps
/// stay on the device while the host chooses regions.
///
/// Not for use by two threads at once.
public final class DetectPredictor implements AutoCloseable {
    /// Sizes whose programs and maps are kept; images of a test come sorted by size.
    private static final int KEPT = 2;

    private final Detector net;
    private final DetectPrograms programs;
    private final Normalize normalize;
    private final Device device;
    private final int padding;
    private final ResizeShortest resize;
    private final SequencedMap<RatioResize.Size, Ready> ready = new LinkedHashMap<>(KEPT, 0.75f, true);

    private record Ready(Compiled propose, Compiled boxes, Compiled masks) {
        void close() {
            propose.close();
            boxes.close();
            if (masks != null) {
                masks.close();
            }
        }
    }

    /// @param normalize what the encoder wants of bytes
    public DetectPredictor(Detector net, Normalize normalize, Device device) {
        this.net = net;
        this.normalize = normalize;
        this.device = device;
        programs = new DetectPrograms(net, normalize);
        DetectConfig config = net.config();
        padding = config.flavour().padding(config.model().detector());
        resize = new ResizeShortest(
                List.of(config.test().shortSide()),
                config.test().longSide(),
                config.flavour().resize());
    }

    /// The size at which the network sees an image, without padding.
    public RatioResize.Size seen(int width, int height) {
        return resize.of(width, height);
    }

    /// What is in an image, in its own pixels. It is resized and padded by the rules of the flavour.
    public Detections detect(RgbImage image) {
        RatioResize.Size size = seen(image.width(), image.height());
        int height = size.height();
        int width = size.width();
        RatioResize.Size padded =
                new RatioResize.Size(Math.ceilDiv(width, padding) * padding, Math.ceilDiv(height, padding) * padding);
        Ready r = propose(image, size, padded);
        DetectConfig config = net.config();
        DetectConfig.Proposed wanted = config.rpn().testing();
        Boxes regions = Proposals.of(
                        RpnOutput.of(r.propose, net, padded.height(), padded.width())
                                .levels(0),
                        config.flavour(),
                        config.rpn(),
                        wanted,
                        height,
                        width)
                .boxes();
        if (regions.size() == 0) {
            return new Detections(Boxes.NONE, new float[0], new int[0], List.of());
        }
        feed(r.boxes, LearnInputs.BOXES, "box", regions, wanted.after());
        r.boxes.run();
        Detections found = Detections.of(
                regions,
                r.boxes.floats(DetectPrograms.LOGITS),
                r.boxes.floats(DetectPrograms.DELTAS),
                net.classes(),
                config,
                height,
                width);
        return (r.masks == null || found.size() == 0 ? found : found.withMasks(masks(r.masks, found)))
                .resized(height, width, image.height(), image.width());
    }

    /// Looks at an image; the maps are there then.
    private Ready propose(RgbImage image, RatioResize.Size size, RatioResize.Size padded) {
        Ready r = ready(padded);
        if (resize.rule() == ResizeShortest.Rule.FLOATS) {
            r.propose
                    .feed(DetectPrograms.IMAGES, FloatResize.padded(image, normalize, size, padded))
                    .run();
        } else {
            r.propose
                    .feed(DetectPrograms.IMAGES, padded(resize.apply(image, size), padded))
                    .feed(DetectPrograms.EXTENTS, size.height(), size.width())
                    .run();
        }
        return r;
    }

    /// Regions, then these again until there are enough.
    private void feed(Compiled program, String name, String stem, Boxes regions, int count) {
        LearnInputs.RegionArrays arrays = new LearnInputs.RegionArrays(net, count);
        for (int i = 0; i < count; i++) {
            arrays.set(i, regions, i % regions.size(), 0);
        }
        arrays.feed(program, name, stem);
    }

    private List<float[]> masks(Compiled program, Detections found) {
        int most = net.config().test().most();
        int[] classes = new int[most];
        System.arraycopy(found.classes(), 0, classes, 0, found.size());
        feed(program, LearnInputs.MASK_BOXES, "mask", found.boxes(), most);
        float[] logits = program.feed(LearnInputs.MASK_CLASSES, classes).run().floats(LearnInputs.MASKS);
        int cells = logits.length / most;
        List<float[]> masks = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            float[] mask = new float[cells];
            for (int k = 0; k < cells; k++) {
                mask[k] = (float) (1 / (1 + StrictMath.exp(-logits[i * cells + k])));
            }
            masks.add(mask);
        }
        return masks;
    }

    private static byte[] padded(RgbImage image, RatioResize.Size to) {
        int width = image.width();
        if (image.height() == to.height() && width == to.width()) {
            return image.rgb();
        }
        byte[] padded = new byte[to.height() * to.width() * 3];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * width * 3, padded, y * to.width() * 3, width * 3);
        }
        return padded;
    }

    private Ready ready(RatioResize.Size padded) {
        Ready known = ready.get(padded);
        if (known == null) {
            while (ready.size() >= KEPT) {
                ready.pollFirstEntry().getValue().close();
            }
            DetectPrograms.Testing testing = programs.testing(padded.height(), padded.width());
            known = new Ready(
                    device.compile(testing.propose()),
                    device.compile(testing.boxes()),
                    testing.masks() == null ? null : device.compile(testing.masks()));
            ready.put(padded, known);
        }
        return known;
    }

    @Override
    public void close() {
        ready.values().forEach(Ready::close);
        ready.clear();
    }
}
