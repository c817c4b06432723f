package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the numbers that Pillow reads: `make_dense_fixtures.py` has made the files.
class LabelPngTest {
    private static final List<String> FILES =
            List.of("label1-palette.png", "label2-gray.png", "label3-palette-2bit.png", "label4-palette-4bit.png");

    @Test
    void labelsArePillows() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String file : FILES) {
            Target.LabelMap map = read(LabelPng.ofClasses(21), file);
            assertEquals(map.width() * map.height(), map.classes().length);
            all.write(map.classes());
        }
        assertArrayEquals(resource("labels.bin"), all.toByteArray());
    }

    @Test
    void aLabelThatIsNoClassIsNamedWithItsPixel() throws IOException {
        byte[] labels = Arrays.copyOf(resource("labels.bin"), 37 * 21);
        int at = 0;
        while (labels[at] != 20) {
            at++;
        }
        int count = 0;
        for (byte label : labels) {
            count += label == 20 ? 1 : 0;
        }
        DataException e = assertThrows(DataException.class, () -> read(LabelPng.ofClasses(20), "label1-palette.png"));
        assertEquals(
                "label1-palette.png: the pixel at column " + at % 37 + ", row " + at / 37
                        + " has the label 20, outside 0 … 19 (255 is no class); " + count + " pixels have it",
                e.getMessage());
    }

    @Test
    void idsThatAreNoClassesCountForNothing() throws IOException {
        // Ids 0 … 20, of which 7 is class 0 and 20 is class 1.
        Target.LabelMap map = read(LabelPng.ofIds(21, 7, 20), "label2-gray.png");
        byte[] plain = read(LabelPng.ofClasses(21), "label2-gray.png").classes();
        for (int i = 0; i < plain.length; i++) {
            assertEquals(plain[i] == 7 ? 0 : plain[i] == 20 ? 1 : 255, map.classes()[i] & 0xFF);
        }
        assertThrows(DataException.class, () -> read(LabelPng.ofIds(20, 7), "label2-gray.png"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong-rgb.png RGB", "wrong-alpha.png gray+alpha", "wrong-16bit.png gray 16 bit"})
    void colouredMapsAreRefused(String fileAndColour) {
        String[] words = fileAndColour.split(" ", 2);
        DataException e = assertThrows(DataException.class, () -> read(LabelPng.ofClasses(255), words[0]));
        assertTrue(
                e.getMessage().startsWith(words[0] + ": is no label map")
                        && e.getMessage().contains(words[1]),
                e.getMessage());
    }

    @Test
    void aTruncatedMapIsUnreadable() throws IOException {
        byte[] cut = Arrays.copyOf(resource("label1-palette.png"), 850);
        UnreadableImageException e = assertThrows(
                UnreadableImageException.class,
                () -> LabelPng.ofClasses(21).read(cut, "cut.png", ImageDecoder.STANDARD));
        assertTrue(e.isTruncated(), e.getMessage());
    }

    private static Target.LabelMap read(LabelPng reader, String name) throws IOException {
        return reader.read(resource(name), name, ImageDecoder.STANDARD);
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = LabelPngTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
