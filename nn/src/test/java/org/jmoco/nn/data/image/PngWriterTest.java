package org.jmoco.nn.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class PngWriterTest {

    /// ImageIO's reader is the independent witness.
    @Test
    void writesWhatOtherReadersRead() throws IOException {
        RgbImage image = gradientWithNoise(61, 47);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(PngWriter.encode(image)));
        byte[] pixels = new byte[image.rgb().length];
        for (int y = 0, to = 0; y < 47; y++) {
            for (int x = 0; x < 61; x++, to += 3) {
                int colour = read.getRGB(x, y);
                pixels[to] = (byte) (colour >> 16);
                pixels[to + 1] = (byte) (colour >> 8);
                pixels[to + 2] = (byte) colour;
            }
        }
        assertArrayEquals(image.rgb(), pixels);
        assertArrayEquals(
                image.rgb(),
                ImageDecoder.STANDARD.decode(PngWriter.encode(image), "x").rgb());
    }

    @Test
    void filtersMakeSmoothPicturesSmall() {
        RgbImage image = gradientWithNoise(128, 128);
        assertTrue(PngWriter.encode(image).length < image.rgb().length * 0.4);
    }

    private static RgbImage gradientWithNoise(int width, int height) {
        RgbImage image = new RgbImage(width, height);
        Philox draws = new Philox(1, 0, 0, 0);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) (i / 3 % width + i / 3 / width * 2 + draws.below(3));
        }
        return image;
    }
}
