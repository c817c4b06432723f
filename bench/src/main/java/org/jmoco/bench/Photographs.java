package org.jmoco.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.random.Philox;

/// JPEG files that cost a decoder about what photographs of their size do: a real image of 32×32 magnified for the
/// large forms, others in a mosaic for detail at two finer scales, and some noise of a sensor. About 100 KB each,
/// as ImageNet's are. The same files on every machine with the same JDK.
final class Photographs {
    static final int WIDTH = 500;
    static final int HEIGHT = 375;

    private static final float QUALITY = 0.92f;
    private static final double[] TILES = {500, 128, 48}; // pixels that one small image is magnified to
    private static final double[] WEIGHTS = {1, 0.45, 0.2}; // of its difference from grey
    private static final double NOISE = 4;

    private Photographs() {}

    static void write(Path folder, int count) {
        ImageSource small = BundledSample.train();
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < count; i++) {
                write(folder.resolve(String.format("%04d.jpg", i)), picture(small, i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage picture(ImageSource small, int number) {
        double[] rgb = new double[3 * WIDTH * HEIGHT];
        Philox draws = new Philox(number, 0, 0, 0);
        for (int scale = 0; scale < TILES.length; scale++) {
            mosaic(small, draws, TILES[scale], WEIGHTS[scale], rgb);
        }
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < WIDTH * HEIGHT; p++) {
            int packed = 0;
            for (int c = 0; c < 3; c++) {
                packed = packed << 8
                        | (int) Math.clamp(Math.round(128 + rgb[3 * p + c] + NOISE * draws.nextNormal()), 0, 255);
            }
            image.setRGB(p % WIDTH, p / WIDTH, packed);
        }
        return image;
    }

    /// Adds a mosaic of magnified images, interpolated between their pixels.
    private static void mosaic(ImageSource small, Philox draws, double tile, double weight, double[] rgb) {
        int across = (int) Math.ceil(WIDTH / tile);
        int down = (int) Math.ceil(HEIGHT / tile);
        RgbImage[] images = new RgbImage[across * down];
        for (int i = 0; i < images.length; i++) {
            images[i] = small.load(draws.below(small.size()));
        }
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                RgbImage image = images[(int) (y / tile) * across + (int) (x / tile)];
                double u = x % tile / tile * (image.width() - 1);
                double v = y % tile / tile * (image.height() - 1);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * WIDTH + x) + c] += weight * (interpolated(image, u, v, c) - 128);
                }
            }
        }
    }

    private static double interpolated(RgbImage image, double u, double v, int c) {
        int x = Math.min((int) u, image.width() - 2);
        int y = Math.min((int) v, image.height() - 2);
        double right = u - x;
        double below = v - y;
        return (1 - below) * ((1 - right) * at(image, x, y, c) + right * at(image, x + 1, y, c))
                + below * ((1 - right) * at(image, x, y + 1, c) + right * at(image, x + 1, y + 1, c));
    }

    private static int at(RgbImage image, int x, int y, int c) {
        return Byte.toUnsignedInt(image.rgb()[3 * (y * image.width() + x) + c]);
    }

    private static void write(Path file, BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(QUALITY);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }
}
