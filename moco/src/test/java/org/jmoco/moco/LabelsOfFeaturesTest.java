package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Features and labels as other programs write them: the right number, or one line that says what to do.
class LabelsOfFeaturesTest {
    private static final int EACH = 8;
    private static final int DIM = 4;

    @TempDir
    private Path temp;

    /// Three classes that are told apart by which of their first features is largest.
    @BeforeEach
    void features() {
        for (String part : List.of("train", "test")) {
            double[] rows = new double[3 * EACH * DIM];
            for (int i = 0; i < 3 * EACH; i++) {
                for (int d = 0; d < DIM; d++) {
                    rows[i * DIM + d] = (d == i % 3 ? 1 : 0.2) + 0.01 * ((7 * i + 3 * d + part.length()) % 11);
                }
            }
            Npy.write(temp.resolve(part + ".npy"), ArrayData.ofDoubles(rows, 3 * EACH, DIM));
        }
    }

    /// The same labels by other numbers: no number is too large, and classes need not begin at 0.
    @ParameterizedTest
    @CsvSource({"0, 1, 2", "1, 2, 3", "7, 50000000, 2147483647"})
    void anyNumbersAreClasses(int first, int second, int third) throws IOException {
        int[] numbers = {first, second, third};
        for (String part : List.of("train", "test")) {
            int[] labels = new int[3 * EACH];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = numbers[i % 3];
            }
            Npy.write(temp.resolve(part + ".labels.npy"), ArrayData.ofInts(labels));
        }
        Result r = svm();
        assertEquals("100.00", r.value("mAP"), r.err().toString());
        assertTrue(
                r.out().stream().anyMatch(l -> l.startsWith("class " + second + " ")),
                r.out().toString());
        for (String k : List.of("1500000000", "2147483647", "9")) {
            refused("--k", "low-shot: k = " + k + " needs " + k + " items in class " + first, lowShot(k));
        }
    }

    @ParameterizedTest
    @CsvSource({"<u2, 2", "<u1, 1", "<u4, 4", "<u8, 8", "<i8, 8", ">i4, 4", "|b1, 1"})
    void everyKindOfIntegersIsRead(String type, int bytes) throws IOException {
        boolean bits = type.equals("|b1");
        for (String part : List.of("train", "test")) {
            ByteBuffer labels = ByteBuffer.allocate(3 * EACH * bytes);
            for (int i = 0; i < 3 * EACH; i++) {
                int at = i * bytes + (type.startsWith(">") ? bytes - 1 : 0);
                labels.put(at, (byte) (bits ? (i % 3 == 0 ? 1 : 0) : i % 3));
            }
            write(part + ".labels.npy", type, labels.array());
        }
        assertEquals("100.00", svm().value("mAP"), svm().err().toString());
    }

    @Test
    void numbersThatAreNoClassesAreRefused() throws IOException {
        ByteBuffer labels = ByteBuffer.allocate(3 * EACH * 8).order(ByteOrder.LITTLE_ENDIAN);
        labels.putLong(5 * 8, 1L << 31);
        write("train.labels.npy", "<i8", labels.array());
        write("test.labels.npy", "<i8", labels.array());
        refused("2147483648", "train.labels.npy", svm());
    }

    /// As liblinear and scikit-learn code them: -1 means ignored here, so nothing would be negative.
    @Test
    void plusAndMinusOneAreRefusedWithWhatMinusOneMeans() {
        for (String part : List.of("train", "test")) {
            int[] labels = new int[3 * EACH];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % 3 == 0 ? 1 : -1;
            }
            Npy.write(temp.resolve(part + ".labels.npy"), ArrayData.ofInts(labels));
        }
        refused("of one class coded +1 and -1 make a matrix [n, 1] of 1 and 0", "item 1 has class -1, below 0", svm());
        for (String part : List.of("train", "test")) {
            matrix(part, 1, -1);
        }
        refused(
                "-1 means ignored, as \"difficult\" in VOC: code what is outside as 0",
                "no test item is outside",
                svm());
        refused("-1 means ignored, code what is outside as 0", "low-shot: k = 1", lowShot("1"));
        matrix("test", 1, 0);
        Result r = svm();
        assertEquals("100.00", r.value("mAP"), "training items of -1 are negatives, as published");
        assertTrue(
                r.err()
                        .contains("labels of -1 are ignored ones, as VOC's \"difficult\": " + 6 * EACH
                                + " in training, 0 of the test items, each for one class"),
                r.err().toString());
    }

    private void matrix(String part, int in, int out) {
        int[] labels = new int[3 * EACH * 3];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i / 3 % 3 == i % 3 ? in : out;
        }
        Npy.write(temp.resolve(part + ".labels.npy"), ArrayData.ofInts(labels, 3 * EACH, 3));
    }

    @Test
    void oneClassIsRefused() {
        for (String part : List.of("train", "test")) {
            Npy.write(temp.resolve(part + ".labels.npy"), ArrayData.ofInts(new int[3 * EACH]));
        }
        refused("average precision is 100 % whatever the features are", "no test item is outside class 0", svm());
        refused("low-shot: the labels are of one class, class 0", "", lowShot("1"));
    }

    @Test
    void featuresThatAreAllAlikeAreSaidToBe() {
        for (String part : List.of("train", "test")) {
            Npy.write(temp.resolve(part + ".npy"), ArrayData.ofDoubles(new double[3 * EACH * DIM], 3 * EACH, DIM));
            matrix(part, 1, 0);
        }
        Result r = svm();
        assertEquals(0, r.code(), r.err().toString());
        String warning = "warning: mAP: 100.0 % of the scores are equal to one of an item of the other side, and "
                + "ranked by the protocol's rule, the later item first; taken in together they give 33.33 %";
        assertTrue(r.err().contains(warning), r.err().toString());
    }

    @Test
    void largeCostsEndInANumberOrALine() {
        for (String part : List.of("train", "test")) {
            matrix(part, 1, 0);
        }
        for (String costs : List.of("1e8", "1e12")) {
            Result r = run(with("svm", "--costs", costs));
            boolean solved = r.code() == 0 && r.value("mAP").equals("100.00");
            boolean told = r.code() == 1 && r.err().getLast().contains("leave out costs as large");
            assertTrue(solved || told, costs + ": " + r);
            assertTrue(
                    r.err().stream().noneMatch(l -> l.startsWith("\tat ")),
                    r.err().toString());
        }
    }

    @Test
    void classNamesReachTheTerminalWithoutTheirControlCodes() throws IOException {
        for (String part : List.of("train", "test")) {
            matrix(part, 1, 0);
            Files.writeString(temp.resolve(part + ".classes.txt"), "red\u001b[31m\nb\u202eack\nplain\n");
        }
        Result r = svm();
        assertEquals("100.00", r.value("mAP"), r.err().toString());
        String all = String.join("\n", r.out()) + String.join("\n", r.err());
        assertFalse(all.contains("\u001b") || all.contains("\u202e"), all);
        assertTrue(r.out().stream().anyMatch(l -> l.startsWith("red?[31m ")), all);
        Files.write(temp.resolve("train.classes.txt"), "a\nb\nc\u00fc\n".getBytes(StandardCharsets.ISO_8859_1));
        refused("train.classes.txt: cannot be read (it is no UTF-8 text)", "", svm());
    }

    private void write(String name, String type, byte[] values) throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + 3 * EACH + ",), }";
        header += " ".repeat((64 - (10 + header.length() + 1) % 64) % 64) + "\n";
        ByteBuffer file =
                ByteBuffer.allocate(10 + header.length() + values.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .put(values);
        Files.write(temp.resolve(name), file.array());
    }

    private Result svm() {
        return run(with("svm", "--costs", "1"));
    }

    private Result lowShot(String k) {
        return run(with("lowshot", "--costs", "1", "--samples", "1", "--k", k));
    }

    private Object[] with(Object... command) {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(command),
                        java.util.stream.Stream.of(
                                "--features", temp.resolve("train.npy"), "--test-features", temp.resolve("test.npy")))
                .toArray();
    }

    private static void refused(String why, String where, Result r) {
        assertTrue(r.code() == 1 || r.code() == 2, r.toString());
        String last = r.err().getLast();
        assertTrue(
                last.contains(where) && (why.startsWith("--") || last.contains(why)),
                r.err().toString());
    }
}
