package org.jmoco.nn.data.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/// What must be known of a JPEG file before it is decoded (ITU-T T.81, annex B): size, components, sampling, colour.
///
/// The whole marker structure is walked, so a file cut short is found here, and so is one with an absurd number of
/// scans. A baseline file whose end marker is missing is let through, if all its components have been there: whether
/// all rows are, its decoder finds out.
///
/// @param ids component identifiers   @param horizontal,vertical sampling factors of each component
/// @param colour how the samples are to be read, by the rules of libjpeg
/// @param imageEnd where the image data of a file without an end marker end; −1 where there is one
record JpegHeader(
        int width,
        int height,
        boolean progressive,
        int[] ids,
        int[] horizontal,
        int[] vertical,
        Colour colour,
        int imageEnd) {

    enum Colour {
        GRAY("gray"),
        RGB("RGB"),
        YCC("RGB"),
        CMYK("CMYK"),
        YCCK("CMYK");

        private final String name;

        Colour(String name) {
            this.name = name;
        }
    }

    /// A progressive file has about ten scans; thousands of them in a small file would keep a decoder busy for hours.
    private static final int MAX_SCANS = 100;

    /// A block of 64 samples takes at least one bit in one of the scans.
    private static final long MAX_PIXELS_A_BYTE = 512;

    private static final int DHT = 0xC4;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int TEM = 0x01;

    private static final byte[] STANDARD_TABLES = standardTables();

    /// Walks a file's markers.
    ///
    /// @throws CorruptImageException if the file is truncated, of an unsupported kind, or larger than `maxPixels`
    static JpegHeader parse(byte[] file, long maxPixels) throws CorruptImageException {
        return new Walk(file).header(maxPixels);
    }

    /// Whether the file has no end marker: what lies behind the image data, if anything, is no part of it.
    boolean isOpen() {
        return imageEnd >= 0;
    }

    /// A file with an end marker behind its image data.
    byte[] closed(byte[] file) {
        if (!isOpen()) {
            return file;
        }
        byte[] closed = Arrays.copyOf(file, imageEnd + 2);
        closed[imageEnd] = (byte) 0xFF;
        closed[imageEnd + 1] = (byte) EOI;
        return closed;
    }

    int components() {
        return ids.length;
    }

    int maxHorizontal() {
        return Arrays.stream(horizontal).max().orElseThrow();
    }

    int maxVertical() {
        return Arrays.stream(vertical).max().orElseThrow();
    }

    ImageInfo info() {
        return new ImageInfo(ImageFormat.JPEG, width, height, colour.name);
    }

    /// The file without its metadata segments, which decoders otherwise interpret each in its own way, and with
    /// one marker that tells them to hand over the samples as they are.
    static byte[] stripped(byte[] file, JpegHeader header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 512);
        out.write(0xFF);
        out.write(SOI);
        out.writeBytes(
                header.components() == 4
                        ? new byte[] {-1, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}
                        : new byte[] {-1, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
        if (!header.progressive()) {
            // libjpeg-turbo, and so Pillow, takes these where a file has none, as frames of motion JPEG do; a
            // file's own replace them.
            out.writeBytes(STANDARD_TABLES);
        }
        int at = 2;
        while (true) {
            int marker = Walk.markerAt(file, at);
            int body = Walk.bodyOf(file, at);
            if (marker == SOS || marker == EOI) {
                out.write(file, body - 2, file.length - body + 2);
                return out.toByteArray();
            }
            int end = body + length(file, body);
            boolean metadata = marker >= 0xE0 && marker <= 0xEF || marker == 0xFE;
            if (!metadata) {
                out.write(file, body - 2, end - body + 2);
            }
            at = end;
        }
    }

    /// A segment with the Huffman tables of annex K.3.
    private static byte[] standardTables() {
        ByteArrayOutputStream tables = new ByteArrayOutputStream();
        JPEGHuffmanTable[] standard = {
            JPEGHuffmanTable.StdDCLuminance,
            JPEGHuffmanTable.StdDCChrominance,
            JPEGHuffmanTable.StdACLuminance,
            JPEGHuffmanTable.StdACChrominance
        };
        for (int t = 0; t < standard.length; t++) {
            tables.write(t / 2 << 4 | t % 2); // class (0 DC, 1 AC) and number
            for (short count : standard[t].getLengths()) {
                tables.write(count);
            }
            for (int unused = standard[t].getLengths().length; unused < 16; unused++) {
                tables.write(0);
            }
            for (short value : standard[t].getValues()) {
                tables.write(value);
            }
        }
        int length = tables.size() + 2;
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.writeBytes(new byte[] {(byte) 0xFF, (byte) DHT, (byte) (length >> 8), (byte) length});
        segment.writeBytes(tables.toByteArray());
        return segment.toByteArray();
    }

    private static int length(byte[] file, int at) {
        return (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF;
    }

    static CorruptImageException truncated() {
        return new CorruptImageException("is truncated: the JPEG data end before the end-of-image marker");
    }

    /// One pass over the markers of a file.
    private static final class Walk {
        private final byte[] file;
        private JpegHeader frame;
        private boolean jfif;
        private int adobeTransform = -1;
        private int scans;

        /// Components in all scans so far, and where the last scan ended.
        private int scanned;

        private int scanEnd = -1;

        Walk(byte[] file) {
            this.file = file;
        }

        JpegHeader header(long maxPixels) throws CorruptImageException {
            boolean open = false;
            try {
                walk(maxPixels);
            } catch (CorruptImageException e) {
                // Of a baseline image that is there, what follows is no matter: cameras write trailers of their own.
                open = frame != null && !frame.progressive && scanned >= frame.ids.length;
                if (!open) {
                    throw e;
                }
            }
            return new JpegHeader(
                    frame.width,
                    frame.height,
                    frame.progressive,
                    frame.ids,
                    frame.horizontal,
                    frame.vertical,
                    colourOf(frame.ids),
                    open ? scanEnd : -1);
        }

        private void walk(long maxPixels) throws CorruptImageException {
            int at = 2;
            while (true) {
                int marker = markerAt(file, at);
                if (marker < 0) {
                    throw JpegHeader.truncated();
                }
                int body = bodyOf(file, at);
                if (marker == EOI) {
                    break;
                }
                if (body + 2 > file.length || body + length(file, body) > file.length || length(file, body) < 2) {
                    throw JpegHeader.truncated();
                }
                segment(marker, body, body + length(file, body), maxPixels);
                at = body + length(file, body);
                if (marker == SOS) {
                    scanned += file[body + 2] & 0xFF;
                    at = endOfScan(at);
                    scanEnd = at;
                }
            }
            if (frame == null || scans == 0) {
                throw new CorruptImageException("is a JPEG file without an image");
            }
        }

        /// The marker code at a position, fill bytes skipped, or −1 at the end of the file or where there is no
        /// marker.
        static int markerAt(byte[] file, int at) {
            int i = bodyOf(file, at) - 1;
            return i >= file.length || i < 1 || file[i - 1] != (byte) 0xFF ? -1 : file[i] & 0xFF;
        }

        /// Where the segment behind a marker starts.
        static int bodyOf(byte[] file, int at) {
            int i = at;
            // Decoders pass over stray bytes before a marker, and over fill bytes.
            while (i < file.length && file[i] != (byte) 0xFF) {
                i++;
            }
            while (i < file.length && file[i] == (byte) 0xFF) {
                i++;
            }
            return i + 1;
        }

        /// The position of the marker that ends entropy-coded data: the first that is neither a stuffed zero nor a
        /// restart.
        private int endOfScan(int from) {
            int i = from;
            while (i + 1 < file.length) {
                if (file[i] == (byte) 0xFF) {
                    int next = file[i + 1] & 0xFF;
                    if (next != 0 && next != 0xFF && next != TEM && (next < 0xD0 || next > 0xD7)) {
                        return i;
                    }
                }
                i++;
            }
            return file.length;
        }

        private void segment(int marker, int body, int end, long maxPixels) throws CorruptImageException {
            switch (marker) {
                case 0xC0, 0xC1, 0xC2 -> frame(marker, body, end, maxPixels);
                case 0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF ->
                    throw new CorruptImageException("is a lossless or hierarchical JPEG, which is not supported");
                case 0xC9, 0xCA ->
                    throw new CorruptImageException("is an arithmetic-coded JPEG, which is not supported");
                case 0xE0 -> jfif |= end - body >= 7 && has(body + 2, "JFIF\0");
                case 0xEE -> {
                    if (end - body >= 14 && has(body + 2, "Adobe")) {
                        adobeTransform = file[body + 13] & 0xFF;
                    }
                }
                case SOS -> {
                    if (frame == null) {
                        throw new CorruptImageException("is a JPEG file whose image data comes before its size");
                    }
                    if (++scans > MAX_SCANS) {
                        throw new CorruptImageException("has more than " + MAX_SCANS + " scans");
                    }
                }
                default -> {}
            }
        }

        private void frame(int marker, int body, int end, long maxPixels) throws CorruptImageException {
            if (frame != null) {
                throw new CorruptImageException("has two JPEG frames");
            }
            int count = end - body < 8 ? 0 : file[body + 7] & 0xFF;
            if (end - body != 8 + 3 * count) {
                throw new CorruptImageException("has a broken JPEG frame header");
            }
            if (file[body + 2] != 8) {
                throw new CorruptImageException("is a JPEG of " + file[body + 2] + " bits a sample, not 8");
            }
            int height = length(file, body + 3);
            int width = length(file, body + 5);
            ImageDecoder.checkSize(width, height, maxPixels);
            if ((long) width * height > MAX_PIXELS_A_BYTE * file.length) {
                throw new CorruptImageException(
                        "is truncated: " + file.length + " bytes cannot hold " + width + "×" + height + " pixels");
            }
            if (count != 1 && count != 3 && count != 4) {
                throw new CorruptImageException("is a JPEG of " + count + " components, not 1, 3 or 4");
            }
            int[] ids = new int[count];
            int[] horizontal = new int[count];
            int[] vertical = new int[count];
            for (int c = 0; c < count; c++) {
                int at = body + 8 + 3 * c;
                ids[c] = file[at] & 0xFF;
                horizontal[c] = file[at + 1] >> 4 & 15;
                vertical[c] = file[at + 1] & 15;
                if (horizontal[c] < 1 || horizontal[c] > 4 || vertical[c] < 1 || vertical[c] > 4) {
                    throw new CorruptImageException("has a JPEG sampling factor outside 1 … 4");
                }
            }
            frame = new JpegHeader(width, height, marker == 0xC2, ids, horizontal, vertical, Colour.GRAY, -1);
        }

        /// The rules of libjpeg's `default_decompress_parms`.
        private Colour colourOf(int[] ids) {
            return switch (ids.length) {
                case 1 -> Colour.GRAY;
                case 3 -> {
                    if (jfif) {
                        yield Colour.YCC;
                    }
                    if (adobeTransform >= 0) {
                        yield adobeTransform == 0 ? Colour.RGB : Colour.YCC;
                    }
                    yield Arrays.equals(ids, new int[] {'R', 'G', 'B'}) ? Colour.RGB : Colour.YCC;
                }
                default -> adobeTransform <= 0 ? Colour.CMYK : Colour.YCCK;
            };
        }

        private boolean has(int at, String text) {
            for (int i = 0; i < text.length(); i++) {
                if (file[at + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
