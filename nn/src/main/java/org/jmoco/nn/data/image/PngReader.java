package org.jmoco.nn.data.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A PNG file (ISO/IEC 15948): all colour types, bit depths and interlacing, to RGB as Pillow converts,
/// or to the samples as they are.
///
/// Transparency, gamma and colour profiles are ignored. Memory is the RGB image and two rows.
final class PngReader {
    private static final int SIGNATURE_BYTES = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;

    /// Deflate makes at most this many bytes of one.
    private static final long MAX_INFLATION = 1032;

    /// Adam7: first column, first row, column step, row step of each pass.
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };
    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final ByteBuffer file;
    private final int width;
    private final int height;
    private final PngPixels pixels;
    private final boolean interlaced;
    private int chunkType;
    private int chunkLength;
    private int nextChunk = SIGNATURE_BYTES;

    /// Reads the header.
    ///
    /// @throws CorruptImageException if it is broken or the image is over the limit
    PngReader(byte[] bytes, long maxPixels) throws CorruptImageException {
        file = ByteBuffer.wrap(bytes);
        if (!advance() || chunkType != IHDR || chunkLength != 13) {
            throw new CorruptImageException("is a PNG without a header");
        }
        long w = file.getInt() & 0xFFFFFFFFL;
        long h = file.getInt() & 0xFFFFFFFFL;
        ImageDecoder.checkSize(w, h, maxPixels);
        width = (int) w;
        height = (int) h;
        pixels = PngPixels.of(file.get(), file.get());
        if (file.getShort() != 0) {
            throw new CorruptImageException("is a PNG of an unknown compression or filter method");
        }
        byte interlace = file.get();
        if (interlace != 0 && interlace != 1) {
            throw new CorruptImageException("is a PNG of unknown interlacing");
        }
        interlaced = interlace == 1;
        long packed = pixels.rowBytes(width) * (long) height;
        if (packed > MAX_INFLATION * bytes.length) {
            throw new CorruptImageException(
                    "is truncated: " + bytes.length + " bytes cannot hold " + width + "×" + height + " pixels");
        }
    }

    ImageInfo info() {
        return new ImageInfo(ImageFormat.PNG, width, height, pixels.description());
    }

    /// The share of pixels above 255, if it is gray of 16 bits.
    double clipped() throws CorruptImageException {
        if (!pixels.isDeepGray()) {
            return 0;
        }
        decode();
        return (double) pixels.clipped() / ((long) width * height);
    }

    RgbImage decode() throws CorruptImageException {
        toImageData();
        pixels.requirePalette();
        RgbImage image = new RgbImage(width, height);
        read((row, from, columns, at, step) -> pixels.toRgb(row, from, columns, image.rgb(), 3 * at, 3 * step));
        return image;
    }

    /// The samples as they are stored: palette indices, or gray that is not widened to 8 bits.
    ///
    /// @throws CorruptImageException also if a pixel is more than one sample of at most 8 bits
    IndexImage indices() throws CorruptImageException {
        pixels.requireIndices();
        toImageData();
        byte[] indices = new byte[width * height];
        read((row, from, columns, at, step) -> pixels.toIndices(row, from, columns, indices, at, step));
        return new IndexImage(width, height, indices);
    }

    /// Moves to the first of the image data, and keeps the palette before it.
    private void toImageData() throws CorruptImageException {
        while (advance() && chunkType != IDAT) {
            if (chunkType == PLTE) {
                byte[] palette = new byte[chunkLength];
                file.get(palette);
                pixels.setPalette(palette);
            } else if (chunkType == IEND) {
                throw new CorruptImageException("is a PNG without image data");
            }
        }
        if (chunkType != IDAT) {
            throw truncated();
        }
    }

    private void read(RowTaker taker) throws CorruptImageException {
        try (Rows rows = new Rows()) {
            for (int[] pass : interlaced ? ADAM7 : ONE_PASS) {
                rows.readPass(pass, taker);
            }
        }
    }

    /// Takes a row of packed samples, which begins at `row[from]`: pixels number at, at + step, … of the image.
    @FunctionalInterface
    private interface RowTaker {
        void take(byte[] row, int from, int columns, int at, int step) throws CorruptImageException;
    }

    private static CorruptImageException truncated() {
        return new CorruptImageException("is truncated: the PNG data end too early");
    }

    /// Moves to the next chunk's data; false at the end of the file. Checks the sum of critical chunks, whose type
    /// has bit 5 clear.
    private boolean advance() throws CorruptImageException {
        int at = nextChunk;
        if (file.capacity() - at < 8) {
            chunkType = 0;
            return false;
        }
        chunkLength = file.getInt(at);
        chunkType = file.getInt(at + 4);
        if (chunkLength < 0 || chunkLength > file.capacity() - at - 12) {
            throw truncated();
        }
        if ((chunkType & 1 << 29) == 0) {
            CRC32 sum = new CRC32();
            sum.update(file.array(), at + 4, chunkLength + 4);
            if ((int) sum.getValue() != file.getInt(at + 8 + chunkLength)) {
                throw new CorruptImageException("is a corrupt PNG (wrong checksum)");
            }
        }
        file.position(at + 8);
        nextChunk = at + 12 + chunkLength;
        return true;
    }

    /// Inflates and unfilters rows.
    private final class Rows implements AutoCloseable {
        private final Inflater inflater = new Inflater();

        Rows() {
            feed();
        }

        @Override
        public void close() {
            inflater.end();
        }

        private void feed() {
            inflater.setInput(file.array(), file.position(), chunkLength);
        }

        void readPass(int[] pass, RowTaker taker) throws CorruptImageException {
            int columns = (width - pass[0] + pass[2] - 1) / pass[2];
            int rows = (height - pass[1] + pass[3] - 1) / pass[3];
            if (columns <= 0 || rows <= 0) {
                return;
            }
            int step = pixels.filterStep();
            // A zero margin of one pixel stands for what is left of the row.
            byte[] previous = new byte[step + pixels.rowBytes(columns)];
            byte[] current = new byte[previous.length];
            byte[] filter = new byte[1];
            for (int row = 0; row < rows; row++) {
                inflate(filter, 0);
                inflate(current, step);
                PngFilter.undo(filter[0], current, previous, step);
                int y = pass[1] + row * pass[3];
                taker.take(current, step, columns, y * width + pass[0], pass[2]);
                byte[] swap = previous;
                previous = current;
                current = swap;
            }
        }

        private void inflate(byte[] to, int from) throws CorruptImageException {
            int at = from;
            try {
                while (at < to.length) {
                    int count = inflater.inflate(to, at, to.length - at);
                    at += count;
                    if (count == 0) {
                        if (inflater.finished() || inflater.needsDictionary()) {
                            throw truncated();
                        }
                        if (!advance() || chunkType != IDAT) {
                            throw truncated();
                        }
                        feed();
                    }
                }
            } catch (DataFormatException e) {
                throw new CorruptImageException("is a corrupt PNG (" + e.getMessage() + ")", e);
            }
        }
    }
}
