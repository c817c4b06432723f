package org.jmoco.nn.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jmoco.nn.data.UnreadableImageException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pixels against Pillow's; `src/test/fixtures/make_decode_fixtures.py` made the files.
class ImageDecoderTest {

    @ParameterizedTest
    @MethodSource("files")
    void decodesToPillowsPixels(Path file) throws IOException {
        assertArrayEquals(expected(file), ImageDecoder.STANDARD.decode(file).rgb());
    }

    @ParameterizedTest
    @MethodSource("jpegs")
    void theJdksDecoderGivesPillowsPixels(Path file) throws Exception {
        byte[] data = Files.readAllBytes(file);
        assertArrayEquals(
                expected(file),
                JdkJpeg.decode(data, JpegHeader.parse(data, 1 << 20)).rgb());
    }

    @ParameterizedTest
    @MethodSource("jpegs")
    void libjpegTurboGivesPillowsPixelsWhereItIsInstalled(Path file) throws Exception {
        Optional<TurboJpeg> turbo = TurboJpeg.find(null);
        Assumptions.assumeTrue(turbo.isPresent(), "no TurboJPEG library on this machine");
        byte[] data = Files.readAllBytes(file);
        JpegHeader header = JpegHeader.parse(data, 1 << 20);
        Assumptions.assumeTrue(header.components() != 4, "CMYK is the JDK decoder's");
        assertArrayEquals(
                expected(file), turbo.get().decode(data, header).orElseThrow().rgb());
    }

    @Test
    void usesLibjpegTurboExactlyWhenItIsThere() {
        boolean switchedOff = "off".equals(System.getProperty("jmoco.turbojpeg"));
        assertEquals(
                !switchedOff && TurboJpeg.find(null).isPresent(), JpegCodecs.usesTurbo(), JpegCodecs.description());
        assertEquals(Optional.empty(), TurboJpeg.find("/no/such/library.so").map(TurboJpeg::library));
    }

    @Test
    void goesByContentNotByName(@TempDir Path folder) throws IOException {
        Path png = Files.copy(fixture("type2-8bit.png"), folder.resolve("lies.jpg"));
        assertArrayEquals(
                expected(fixture("type2-8bit.png")),
                ImageDecoder.STANDARD.decode(png).rgb());
        assertEquals(
                ImageFormat.PNG,
                ImageDecoder.STANDARD.info(Files.readAllBytes(png), "x").format());
    }

    @Test
    void tellsTheHeader() throws IOException {
        assertEquals(new ImageInfo(ImageFormat.JPEG, 45, 35, "CMYK"), info("cmyk.jpg"));
        assertEquals(new ImageInfo(ImageFormat.JPEG, 37, 29, "RGB"), info("37x29-progressive-420.jpg"));
        assertEquals(new ImageInfo(ImageFormat.PNG, 13, 11, "gray 16 bit"), info("type0-16bit.png"));
        assertEquals(new ImageInfo(ImageFormat.BMP, 13, 11, "palette"), info("4bit.bmp"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyTruncationIsRefused(Path file) throws IOException {
        byte[] data = Files.readAllBytes(file);
        // The last chunk of a PNG's image data may hold nothing but the checksum, and what follows it is not needed.
        int needed = file.toString().endsWith(".png")
                ? lastIndexOf(data, 'I', 'D') - 5
                : isBaseline(data) ? data.length - 3 : data.length - 1; // without the end marker all rows are there
        for (int length = 0; length <= needed; length += 1 + length / 16) {
            byte[] cut = Arrays.copyOf(data, length);
            assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(cut, "cut"));
        }
    }

    private static boolean isBaseline(byte[] file) {
        try {
            return ImageFormat.of(file).equals(Optional.of(ImageFormat.JPEG))
                    && !JpegHeader.parse(file, 1 << 20).progressive();
        } catch (CorruptImageException e) {
            throw new AssertionError(e);
        }
    }

    /// What cameras and broken tools write: the pixels are Pillow's of the whole file, by either decoder.
    @ParameterizedTest
    @MethodSource("files")
    void aJpegWithoutItsEndMarkerOrWithATrailerHasAllItsRows(Path file) throws Exception {
        byte[] data = Files.readAllBytes(file);
        if (!ImageFormat.of(data).equals(Optional.of(ImageFormat.JPEG))) {
            return;
        }
        RgbImage whole = ImageDecoder.STANDARD.decode(data, "whole");
        byte[] open = Arrays.copyOf(data, data.length - 2);
        byte[] vendor = "SEFH\0\0\1vendor".repeat(9).getBytes(StandardCharsets.ISO_8859_1);
        byte[] markers = {0, 1, -1, (byte) 0xD8, -1, (byte) 0xC0, 0, 3, 7, -1, (byte) 0xE0, 127, 0, 2};
        assertPixels(whole, joined(data, vendor));
        assertPixels(whole, joined(data, markers));
        for (byte[] ending : List.of(open, joined(open, vendor), joined(open, markers), joined(open, new byte[90]))) {
            if (isBaseline(data)) {
                assertPixels(whole, ending);
            } else {
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(ending, "open"));
            }
        }
    }

    private static void assertPixels(RgbImage expected, byte[] file) throws CorruptImageException {
        assertArrayEquals(
                expected.rgb(), ImageDecoder.STANDARD.decode(file, "ending").rgb());
        assertArrayEquals(
                expected.rgb(),
                JdkJpeg.decode(file, JpegHeader.parse(file, 1 << 20)).rgb());
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Test
    void refusesWhatItCannotUseInOneClearLine(@TempDir Path folder) throws IOException {
        assertMessage("a.jpg: the file is empty", new byte[0]);
        assertMessage("a.jpg: is no JPEG, PNG or BMP file by its first bytes", "<html>".getBytes());
        assertMessage("a.jpg: is a GIF file, which is not read: convert it to JPEG or PNG", "GIF89a".getBytes());
        assertMessage(
                "a.jpg: is a WebP file, which is not read: convert it to JPEG or PNG", "RIFF____WEBPVP8 ".getBytes());
        byte[] cut = Arrays.copyOf(Files.readAllBytes(fixture("gray.jpg")), 300);
        assertMessage("a.jpg: is truncated: the JPEG data end before the end-of-image marker", cut);
        Path missing = folder.resolve("missing.jpg");
        assertEquals(
                missing + ": no such file",
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(missing))
                        .getMessage());
    }

    @Test
    void refusesBombsBeforeAllocating() throws IOException {
        byte[] png = Files.readAllBytes(fixture("type2-8bit.png"));
        ImageDecoder small = new ImageDecoder(142);
        assertEquals(
                "x: 13×11 pixels are over the limit of 142 (a decompression bomb? else "
                        + "data.max-pixels, or --max-pixels, raises it)",
                assertThrows(UnreadableImageException.class, () -> small.decode(png, "x"))
                        .getMessage());
        assertEquals(143, new ImageDecoder(143).info(png, "x").pixels());
        byte[] jpeg = Files.readAllBytes(fixture("37x29-baseline-420.jpg"));
        int frame = indexOf(jpeg, 0xFF, 0xC0);
        jpeg[frame + 5] = 0x20; // 8,221 rows
        jpeg[frame + 7] = 0x20; // 8,229 columns: under the limit, yet more than so few bytes can hold
        String message = assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(jpeg, "x"))
                .getMessage();
        assertTrue(message.endsWith("cannot hold 8229×8221 pixels"), message);
    }

    @Test
    void refusesAProgressiveFileWithThousandsOfScans() throws IOException {
        byte[] jpeg = Files.readAllBytes(fixture("37x29-progressive-420.jpg"));
        int scan = lastIndexOf(jpeg, 0xFF, 0xDA);
        byte[] body = Arrays.copyOfRange(jpeg, scan, jpeg.length - 2);
        byte[] bomb = Arrays.copyOf(jpeg, jpeg.length + 1000 * body.length);
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(body, 0, bomb, jpeg.length - 2 + i * body.length, body.length);
        }
        System.arraycopy(jpeg, jpeg.length - 2, bomb, bomb.length - 2, 2);
        assertEquals(
                "x: has more than 100 scans",
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(bomb, "x"))
                        .getMessage());
    }

    private static void assertMessage(String expected, byte[] file) {
        assertEquals(
                expected,
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.STANDARD.decode(file, "a.jpg"))
                        .getMessage());
    }

    private static ImageInfo info(String name) throws IOException {
        return ImageDecoder.STANDARD.info(Files.readAllBytes(fixture(name)), name);
    }

    private static byte[] expected(Path file) throws IOException {
        return Files.readAllBytes(Path.of(file + ".rgb"));
    }

    private static int indexOf(byte[] data, int first, int second) {
        int i = 0;
        while (data[i] != (byte) first || data[i + 1] != (byte) second) {
            i++;
        }
        return i;
    }

    private static int lastIndexOf(byte[] data, int first, int second) {
        int i = data.length - 2;
        while (data[i] != (byte) first || data[i + 1] != (byte) second) {
            i--;
        }
        return i;
    }

    static Path fixture(String name) {
        try {
            return Path.of(ImageDecoderTest.class.getResource("decode/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(fixture("gray.jpg").getParent())) {
            return all.filter(f -> !f.toString().endsWith(".rgb")).sorted().toList();
        }
    }

    static List<Path> jpegs() throws IOException {
        return files().stream().filter(f -> f.toString().endsWith(".jpg")).toList();
    }
}
