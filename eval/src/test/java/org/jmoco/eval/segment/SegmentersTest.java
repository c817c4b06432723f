package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jmoco.eval.EvalFixtures;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files as MMSegmentation writes them, see `make_mmseg.py`: a state dict, what mmcv leaves in a work folder, and
/// the zoo's with the deep stem.
class SegmentersTest {
    private static final Segmenter.Options FIVE = new Segmenter.Options(8, 5, false, 0.1);

    private final SafeTensors found = EvalFixtures.tensors("segment/mmseg-found.safetensors");

    @TempDir
    private Path temp;

    private Path file(String name) throws IOException {
        Path to = temp.resolve(name);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(EvalFixtures.path("segment/" + name + ".gz")))) {
            Files.copy(in, to);
        }
        return to;
    }

    @Test
    void filesOfMmSegmentationLabelWhatTheyDidThere() throws IOException {
        labels("thin", Segmenters.read(file("mmseg-plain.pth"), FIVE));
        labels("thin", Segmenters.read(file("mmseg-trained.pth"), FIVE));
        Segmenter deep = Segmenters.read(file("mmseg-v1c.pth"), FIVE);
        assertEquals(Stem.DEEP, deep.backbone().config().stem());
        labels("v1c", deep);
    }

    private void labels(String name, Segmenter net) {
        ArrayData picture = found.get("picture." + name);
        int[] values = picture.toIntArray();
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) values[i];
        }
        int height = (int) picture.dim(1);
        int width = (int) picture.dim(2);
        int[] expected = found.get("found." + name).toIntArray();
        try (SegmentPredictor predictor =
                new SegmentPredictor(net, Normalize.IMAGENET, SegmentPredictor.Testing.WHOLE, Device.current())) {
            int[] classes = predictor.classes(pixels, height, width, height, width);
            int different = 0;
            for (int i = 0; i < expected.length; i++) {
                different += classes[i] == expected[i] ? 0 : 1;
            }
            assertTrue(different <= 1e-4 * expected.length, name + ": " + different + " pixels differ");
        }
    }

    /// Ours carry the zoo's names: read, written and read again nothing is lost.
    @Test
    void namesGoBothWays() throws IOException {
        for (String name : new String[] {"mmseg-plain.pth", "mmseg-v1c.pth"}) {
            Segmenter net = Segmenters.read(file(name), FIVE);
            Path ours = temp.resolve(name + ".safetensors");
            SafeTensors.write(ours, Segmenters.theirs(net), java.util.Map.of());
            labels(name.contains("v1c") ? "v1c" : "thin", Segmenters.read(ours, FIVE));
        }
    }

    @Test
    void otherClassesAreRefused() throws IOException {
        Path file = file("mmseg-plain.pth");
        FormatException e = assertThrows(
                FormatException.class, () -> Segmenters.read(file, new Segmenter.Options(8, 21, false, 0.1)));
        assertTrue(e.getMessage().endsWith("tells 5 classes apart, the data has 21"), e.getMessage());
    }
}
