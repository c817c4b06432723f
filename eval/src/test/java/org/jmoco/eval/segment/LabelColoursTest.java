package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target.LabelMap;
import org.junit.jupiter.api.Test;

class LabelColoursTest {
    /// As in the palette of VOC's own files.
    @Test
    void coloursAreThoseOfPascalVoc() {
        assertEquals(0x000000, LabelColours.of(0));
        assertEquals(0x800000, LabelColours.of(1)); // aeroplane
        assertEquals(0x808080, LabelColours.of(7)); // car
        assertEquals(0xC08080, LabelColours.of(15)); // person
        assertEquals(0x004080, LabelColours.of(20)); // tv monitor
        assertEquals(0xE0E0C0, LabelColours.of(255));
    }

    @Test
    void backgroundAndUnknownPixelsShowTheImage() {
        RgbImage image = new RgbImage(3, 1, new byte[] {10, 20, 30, 10, 20, 30, 10, 20, 30});
        RgbImage over = LabelColours.over(image, new LabelMap(3, 1, new byte[] {0, 1, (byte) 255}));
        assertArrayEquals(new byte[] {10, 20, 30, (10 + 128) / 2, 10, 15, 10, 20, 30}, over.rgb());
    }

    @Test
    void imagesStandBesideEachOther() {
        RgbImage both = LabelColours.beside(new RgbImage(2, 3), new RgbImage(1, 3));
        assertEquals(2 + 4 + 1, both.width());
        assertEquals(-1, both.rgb()[(2 * 7 + 3) * 3]);
        assertEquals(0, both.rgb()[(2 * 7 + 6) * 3]);
    }
}
