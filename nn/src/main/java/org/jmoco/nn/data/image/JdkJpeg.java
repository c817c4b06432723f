package org.jmoco.nn.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;

/// The JDK's JPEG decoder, held to the pixels of libjpeg-turbo.
///
/// The JDK carries the old libjpeg: its DCT and its smooth upsampling are those of libjpeg-turbo, except for
/// chroma halved in height only, which it replicates. So the upsampled samples are taken as they are, that one
/// case is smoothed here, and the colour conversion is libjpeg's, here.
final class JdkJpeg {
    private static final String PROVIDER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

    /// Libjpeg's words for what lies between the last row and the end. Whatever else it warns of, rows are missing.
    private static final String MERELY_MORE = "extraneous bytes";

    private JdkJpeg() {}

    static RgbImage decode(byte[] file, JpegHeader header) throws CorruptImageException {
        byte[] samples = samples(JpegHeader.stripped(header.closed(file), header), header);
        for (int c = 0; c < header.components(); c++) {
            if (header.vertical()[c] * 2 == header.maxVertical() && header.horizontal()[c] == header.maxHorizontal()) {
                smoothVertically(samples, header, c);
            }
        }
        return new RgbImage(header.width(), header.height(), JpegColour.toRgb(samples, header.colour()));
    }

    private static byte[] samples(byte[] stripped, JpegHeader header) throws CorruptImageException {
        ImageReader reader = reader();
        try {
            reader.setInput(new Bytes(stripped), true, true);
            boolean[] early = new boolean[1];
            if (header.isOpen()) {
                reader.addIIOReadWarningListener((source, warning) -> early[0] |= !warning.contains(MERELY_MORE));
            }
            Raster raster = reader.readRaster(0, null);
            if (raster.getWidth() != header.width()
                    || raster.getHeight() != header.height()
                    || raster.getNumBands() != header.components()) {
                throw new CorruptImageException("has contradicting JPEG headers");
            }
            if (early[0]) {
                throw JpegHeader.truncated();
            }
            return ((DataBufferByte) raster.getDataBuffer()).getData();
        } catch (IOException | RuntimeException e) {
            // On corrupt data the reader fails in many ways.
            throw new CorruptImageException("is a corrupt JPEG (" + e.getMessage() + ")", e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader() {
        for (Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg"); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            if (reader.getOriginatingProvider().getClass().getName().equals(PROVIDER)) {
                return reader;
            }
        }
        throw new IllegalStateException("this Java has no JPEG reader: a JDK with the module java.desktop is needed");
    }

    /// Replaces rows that were merely doubled by libjpeg-turbo's `h1v2_fancy_upsample`: three parts of the row,
    /// one of its neighbour.
    private static void smoothVertically(byte[] samples, JpegHeader header, int component) {
        int width = header.width();
        int height = header.height();
        int step = header.components();
        int rows = (height + 1) / 2;
        byte[] small = new byte[rows * width];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < width; x++) {
                small[y * width + x] = samples[(2 * y * width + x) * step + component];
            }
        }
        for (int y = 0; y < height; y++) {
            int near = y / 2 * width;
            int far = Math.clamp(y % 2 == 0 ? y / 2 - 1 : y / 2 + 1, 0, rows - 1) * width;
            int bias = y % 2 == 0 ? 1 : 2;
            for (int x = 0; x < width; x++) {
                int sum = 3 * (small[near + x] & 0xFF) + (small[far + x] & 0xFF);
                samples[(y * width + x) * step + component] = (byte) (sum + bias >> 2);
            }
        }
    }

    /// An array as an image stream: ImageIO's own would copy it, or use a file.
    private static final class Bytes extends ImageInputStreamImpl {
        private final byte[] data;

        Bytes(byte[] data) {
            this.data = data;
        }

        @Override
        public int read() {
            bitOffset = 0;
            return streamPos < data.length ? data[(int) streamPos++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            bitOffset = 0;
            int count = (int) Math.min(length, data.length - streamPos);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(data, (int) streamPos, to, offset, count);
            streamPos += count;
            return count;
        }

        @Override
        public long length() {
            return data.length;
        }
    }
}
