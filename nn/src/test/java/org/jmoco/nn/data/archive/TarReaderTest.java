package org.jmoco.nn.data.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final String LONG = "a/" + "long".repeat(20) + "/" + "name".repeat(20) + ".png";

    /// Archives that GNU tar 1.34 and Python 3.11 wrote, of files that hold their names nine times.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gnu-tar-gnu",
                "gnu-tar-oldgnu",
                "gnu-tar-ustar",
                "gnu-tar-posix",
                "gnu-tar-v7",
                "python-gnu",
                "python-pax"
            })
    void whatOtherProgramsWroteIsReadByNameAndPlace(String name) throws IOException {
        byte[] tar;
        try (InputStream in = new GZIPInputStream(TarReaderTest.class.getResourceAsStream(name + ".tar.gz"))) {
            tar = in.readAllBytes();
        }
        TarIndex index = read(tar);
        TreeSet<String> expected = new TreeSet<>(List.of("a/1.png", "c/d/e/3.png"));
        if (!name.endsWith("v7")) {
            expected.add("b/äpfel 2.png");
            expected.add(LONG);
        }
        assertEquals(expected, new TreeSet<>(Arrays.asList(index.names())));
        for (int i = 0; i < index.files(); i++) {
            int from = (int) index.offsets()[i];
            assertEquals(
                    index.names()[i].repeat(9),
                    new String(tar, from, (int) index.lengths()[i], StandardCharsets.UTF_8));
        }
    }

    @Test
    void anArchiveInAnArchiveIsAFolderOfItsName() {
        byte[] inner =
                new TarMaker().file("x_1.png", "one").file("d/x_2.png", "two").bytes();
        byte[] deeper = new TarMaker().file("more.tar", inner).bytes();
        byte[] tar = new TarMaker()
                .file("n02.tar", inner)
                .file("n01.TAR", inner)
                .file("deeper.tar", deeper)
                .file("._n03.tar", "of macOS")
                .file(".tar", "a name")
                .bytes();
        TarIndex index = read(tar);
        assertArrayEquals(
                new String[] {
                    "n02/x_1.png",
                    "n02/d/x_2.png",
                    "n01/x_1.png",
                    "n01/d/x_2.png",
                    "deeper/more.tar",
                    "._n03.tar",
                    ".tar"
                },
                index.names());
        assertEquals("two", new String(tar, (int) index.offsets()[3], 3, StandardCharsets.US_ASCII));
        assertRefused(
                "x.tar: n02.tar: is no tar archive",
                new TarMaker().file("n02.tar", "x".repeat(600)).bytes());
        assertRefused(
                "x.tar: n02.tar: is truncated: it ends without the empty block that ends a tar archive",
                new TarMaker()
                        .file("n02.tar", new TarMaker().file("1.png", "").open())
                        .bytes());
    }

    @Test
    void aLookCountsTheFilesOfInnerArchivesAndNotTheArchives() {
        byte[] inner = new TarMaker().file("1.png", "one").file("2.png", "two").bytes();
        byte[] tar = new TarMaker().file("a.tar", inner).file("3.png", "").bytes();
        try (LongLook look = LongLook.at("x.tar", 6)) {
            TarReader.read(Bytes.of(tar), "x.tar", look);
            assertEquals("x.tar, 3 files so far, 100 %", look.toString());
        }
    }

    @Test
    void lengthsInBase256AreRead() {
        byte[] size = new byte[12];
        size[0] = (byte) 0x80;
        size[11] = 3;
        byte[] tar = new TarMaker().entry("a", '0', size, "abc".getBytes()).bytes();
        assertEquals(3, read(tar).lengths()[0]);
    }

    @Test
    void aClassBesideAnImageIsItsClass() {
        byte[] tar = new TarMaker()
                .file("d.1/0.jpg", "")
                .file("d.1/0.cls", "7\n")
                .file("d.1/0.json", "{\"label\": 8}")
                .file("1.json", "{\"a\": [1, {\"cls\": 2}], \"cls\": \"cat\", \"label\": 3}")
                .file("1.png", "")
                .file("1.seg.png", "")
                .file("2.png", "")
                .file("2.json", "{\"caption\": \"no class\"}")
                .file("3.cls", "5")
                .bytes();
        TarIndex index = read(tar);
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < index.files(); i++) {
            if (index.classes()[i] != null) {
                found.put(index.names()[i], index.classes()[i]);
            }
        }
        assertEquals(Map.of("d.1/0.jpg", "7", "1.png", "cat"), found);
        assertRefused(
                "x.tar: 0.cls: should have one class in one line",
                new TarMaker().file("0.png", "").file("0.cls", " \n").bytes());
        assertRefused(
                "x.tar: 0.cls: has 300 bytes; a class has at most 256",
                new TarMaker().file("0.png", "").file("0.cls", "1".repeat(300)).bytes());
        assertRefused(
                "x.tar: 0.cls: is no UTF-8 text",
                new TarMaker().file("0.png", "").file("0.cls", new byte[] {-1}).bytes());
        assertTrue(message(new TarMaker()
                        .file("0.png", "")
                        .file("0.json", "{\"label\": ")
                        .bytes())
                .startsWith("x.tar: 0.json: is broken JSON ("));
    }

    @Test
    void anythingHostileEndsInOneLine() throws IOException {
        byte[] some = "bytes".getBytes();
        assertRefused("x.tar: is empty", new byte[0]);
        assertRefused("x.tar: is no tar archive", new byte[2048], 'x');
        assertRefused(
                "x.tar: is truncated: it ends without the empty block that ends a tar archive",
                Arrays.copyOf(new TarMaker().file("a", some).open(), 1000));
        assertRefused(
                "x.tar: is truncated: it ends without the empty block that ends a tar archive",
                new TarMaker().file("a", some).open());
        assertRefused(
                "x.tar: is truncated, or its header at byte 0 lies: 5000 bytes should follow, and there are 1488",
                Arrays.copyOf(new TarMaker().file("a", new byte[5000]).bytes(), 2000));
        assertRefused(
                "x.tar: is damaged: at byte 1024 there should be a header",
                new TarMaker().file("a", new byte[1024]).bytes(),
                // a length that is smaller than what follows
                tar -> {
                    tar[132] = '1';
                    tar[1024 + 3] = 'x';
                    byte[] header = Arrays.copyOf(tar, 512);
                    Arrays.fill(header, 124, 136, (byte) 0);
                    System.arraycopy("1000".getBytes(), 0, header, 124, 4);
                    TarMaker.sign(header);
                    System.arraycopy(header, 0, tar, 0, 512);
                });
        for (byte[] size : List.of(
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -5}, // −5 in base 256
                new byte[] {(byte) 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {(byte) 0x80, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1},
                "-0000000005".getBytes(),
                "0x5".getBytes(),
                "5 5".getBytes(),
                "99".getBytes())) {
            assertRefused(
                    "x.tar: is damaged: its header at byte 0 has no length from 0 to 2⁶³ − 1",
                    new TarMaker().entry("a", '0', size, some).bytes());
        }
        assertRefused(
                "x.tar: is truncated, or its header at byte 0 lies: 68719476735 bytes should follow, and there are 1536",
                new TarMaker().entry("a", '0', "777777777777".getBytes(), some).bytes());
        assertRefused(
                "x.tar: has a name that leads out of it, 'a/../../b.png'",
                new TarMaker().file("a/../../b.png", some).bytes());
        assertRefused(
                "x.tar: has an absolute name, '/etc/passwd'",
                new TarMaker().file("/etc/passwd", some).bytes());
        assertRefused(
                "x.tar: has a file without a name",
                new TarMaker().file("./.", some).bytes());
        assertRefused(
                "x.tar: has a name of 70 folders, '" + "d/".repeat(40) + "…'",
                new TarMaker().file("d/".repeat(69) + "x", some).bytes());
        assertRefused(
                "x.tar: has a name of 5000 bytes",
                new TarMaker().file("d".repeat(5000), some).bytes());
        for (char link : new char[] {'1', '2'}) {
            assertRefused(
                    "x.tar: has a link, 'a/1.png'; links are not followed: unpack it",
                    new TarMaker()
                            .entry("a/1.png", link, new byte[0], new byte[0])
                            .bytes());
        }
        for (char device : new char[] {'3', '4', '6'}) {
            assertRefused(
                    "x.tar: has a device or a pipe, 'a', as no archive of images has",
                    new TarMaker().entry("a", device, new byte[0], new byte[0]).bytes());
        }
        assertRefused(
                "x.tar: has a sparse file, 'a', which is not read: unpack it",
                new TarMaker().entry("a", 'S', "5".getBytes(), some).bytes());
        assertRefused(
                "x.tar: has a sparse file, which is not read: unpack it",
                pax("22 GNU.sparse.major=1\n").file("a", some).bytes());
        assertRefused(
                "x.tar: is one of several volumes: put them together",
                new TarMaker().entry("a", 'M', "5".getBytes(), some).bytes());
        assertRefused(
                "x.tar: has an entry of the unknown type 90, 'a': unpack it",
                new TarMaker().entry("a", 'Z', new byte[0], new byte[0]).bytes());
        assertRefused(
                "x.tar: has a folder with bytes in it, 'a'",
                new TarMaker().entry("a/", '5', "5".getBytes(), some).bytes());
        assertRefused(
                "x.tar: has 'a/b' twice",
                new TarMaker().file("a/b", some).file("./a//b", some).bytes());
        assertRefused(
                "x.tar: has 'a' as a file and as a folder",
                new TarMaker().file("a", some).file("a/b", some).bytes());
        assertRefused(
                "x.tar: is damaged: it ends after a long name, without the file of that name",
                new TarMaker().entry("L", 'L', "5".getBytes(), some).bytes());
    }

    @Test
    void paxHeadersThatAreNoneAreRefused() {
        for (String wrong :
                List.of("99 path=a\n", "path=a\n", "9 pathab\n", "0 path=a\n", "10 path=a", "3 \n", "5x\n")) {
            assertRefused(
                    "x.tar: is damaged: its pax header at byte 512 is none",
                    pax(wrong).file("a", "").bytes());
        }
        assertRefused(
                "x.tar: has a name that leads out of it, '../a'",
                pax("13 path=../a\n").file("a", "").bytes());
        assertRefused(
                "x.tar: is damaged: its header at byte 1024 has no length from 0 to 2⁶³ − 1",
                pax("11 size=-5\n").file("a", "").bytes());
        assertRefused(
                "x.tar: is truncated, or its header at byte 1024 lies: 999999 bytes should follow, and there are 1024",
                pax("15 size=999999\n").file("a", "").bytes());
        assertRefused(
                "x.tar: has one name or one length for all of its files: unpack it",
                new TarMaker()
                        .entry("pax", 'g', "%011o".formatted(10).getBytes(), "10 path=a\n".getBytes())
                        .file("b", "")
                        .bytes());
        assertRefused(
                "x.tar: has two long names for one file, at byte 2048",
                pax("12 path=b/c\n").file("long".repeat(30), "").bytes());
        assertEquals("b/c", read(pax("12 path=b/c\n").file("a", "").bytes()).names()[0]);
    }

    @Test
    void compressedArchivesAreSaidToBe() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new TarMaker().file("a", "").bytes());
        }
        assertRefused(
                "x.tar: is compressed by gzip; plain tar archives and folders are read in place: gzip -dk FILE makes "
                        + "the tar archive",
                packed.toByteArray());
        assertTrue(message("PK\3\4 and so on".getBytes()).contains("is compressed by zip"));
        assertTrue(message("BZh91AY".getBytes()).contains("bzip2 -dk FILE"));
    }

    /// Whatever a few bytes of it become, an archive is read as far as it goes, or refused in one line.
    @Test
    void anyDamageIsEitherHarmlessOrOneLine() {
        byte[] inner = new TarMaker().file("1.png", "123").bytes();
        byte[] sound = pax("12 path=b/c\n")
                .file("a", "abc")
                .file("k.png", "")
                .file("k.cls", "3")
                .file("n01.tar", inner)
                .file("long".repeat(30), "")
                .bytes();
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] tar = Arrays.copyOf(sound, random.nextInt(4) > 0 ? sound.length : random.nextInt(sound.length));
            for (int i = random.nextInt(4); i >= 0 && tar.length > 0; i--) {
                tar[random.nextInt(tar.length)] = (byte) random.nextInt(256);
            }
            for (int at = 0; at + 512 <= tar.length && random.nextInt(3) > 0; at += 512) {
                byte[] header = Arrays.copyOfRange(tar, at, at + 512);
                if (header[0] != 0 && header[257] == 'u') {
                    TarMaker.sign(header);
                    System.arraycopy(header, 0, tar, at, 512);
                }
            }
            try {
                TarIndex index = read(tar);
                for (int i = 0; i < index.files(); i++) {
                    assertTrue(index.offsets()[i] + index.lengths()[i] <= tar.length);
                    assertTrue(index.offsets()[i] >= 512 && index.lengths()[i] >= 0);
                }
            } catch (DataException e) {
                refused++;
                assertTrue(
                        e.getMessage().startsWith("x.tar: ") && !e.getMessage().contains("\n"), e.getMessage());
            }
        }
        assertTrue(refused > 500 && refused < 2900, () -> "");
    }

    private static TarIndex read(byte[] tar) {
        try (LongLook look = LongLook.at("x.tar", tar.length)) {
            return TarReader.read(Bytes.of(tar), "x.tar", look);
        }
    }

    private static TarMaker pax(String records) {
        return new TarMaker()
                .entry("pax", 'x', "%011o".formatted(records.length()).getBytes(), records.getBytes());
    }

    private interface Change {
        void apply(byte[] tar);
    }

    private static void assertRefused(String message, byte[] tar) {
        assertEquals(message, message(tar));
    }

    private static void assertRefused(String message, byte[] tar, char filling) {
        Arrays.fill(tar, (byte) filling);
        assertRefused(message, tar);
    }

    private static void assertRefused(String message, byte[] tar, Change change) {
        change.apply(tar);
        assertRefused(message, tar);
    }

    private static String message(byte[] tar) {
        return assertThrows(DataException.class, () -> read(tar)).getMessage();
    }
}
