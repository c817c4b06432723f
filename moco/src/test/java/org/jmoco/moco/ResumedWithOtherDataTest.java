package org.jmoco.moco;

import static org.jmoco.moco.SmallBenchmarks.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.moco.Miniatures.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A benchmark that was interrupted before it wrote its result goes on with the images and the settings that it began
/// with, in whatever order they are given, or not at all: what differs is named.
class ResumedWithOtherDataTest {
    @TempDir
    private Path temp;

    private Path data;
    private Path out;

    @BeforeEach
    void images() throws IOException {
        data = temp.resolve("data");
        out = temp.resolve("out");
        for (int i = 0; i < 12; i++) {
            Miniatures.image(image("train", i), i % 3, i);
            Miniatures.image(image("test", i), i % 3, i + 20);
        }
    }

    private Path image(String part, int number) {
        return data.resolve(part + "/class" + number % 3 + "/" + number + ".png");
    }

    @Test
    void linear() throws IOException {
        List<Object> command = SmallBenchmarks.linear(data);
        byte[] result = interrupted(command);
        assertKeepsToItsImages(command, 12);
        assertRefused(with(command, "--set", "recipe.lr=0.5"), "recipe.lr was 0.01 and is 0.5");
        assertRefused(
                with(command, "--set", "taps=[feature1, feature2]"),
                "taps was \\[feature1, .*, feature5\\] and is \\[feature1, feature2\\]");
        assertRefused(
                with(command, "--seed", 1, "--set", "recipe.nesterov=false"),
                "seed was 0 and is 1; .*recipe.nesterov was true and is false; encoder .*");
        assertGoesOn(command, result);
    }

    @Test
    void semi() throws IOException {
        List<Object> command = SmallBenchmarks.semi(data);
        byte[] result = interrupted(command);
        assertKeepsToItsImages(command, 6);
        assertRefused(with(command, "--set", "recipe.weight-decay=0"), "recipe.weight-decay was 1.0E-4 and is 0.0");
        assertGoesOn(command, result);
    }

    @Test
    void evaluate() throws IOException {
        List<Object> command = List.of(with(SmallBenchmarks.evaluate(data), "--set", "data.classes=3"));
        byte[] result = interrupted(command);
        assertKeepsToItsImages(command, 12);
        assertRefused(with(command, "--set", "knn.k=3"), "knn.k was 200 and is 3");
        assertGoesOn(command, result);
    }

    /// A run whose result is missing.
    ///
    /// @return the result
    private byte[] interrupted(List<Object> command) throws IOException {
        Result first = Miniatures.run(with(command, "--out", out));
        assertEquals(0, first.code(), first.err().toString());
        byte[] result = Files.readAllBytes(out.resolve(ResultFolder.RESULT));
        Files.delete(out.resolve(ResultFolder.RESULT));
        return result;
    }

    /// @param trained how many of the twelve training images count
    private void assertKeepsToItsImages(List<Object> command, int trained) throws IOException {
        Object[] same = command.toArray();
        String were = "the training data was " + trained + " images \\(names and classes \\w+\\) and is ";
        for (int i = 0; i < 2; i++) { // as many of each class count, so one more may not
            Miniatures.image(data.resolve("train/class1/another" + i + ".png"), 1, 40 + i);
        }
        assertRefused(same, were + (trained == 12 ? 14 : 7) + " images .*");
        for (int i = 0; i < 2; i++) {
            Files.delete(data.resolve("train/class1/another" + i + ".png"));
        }
        Path removed = Files.move(image("train", 0), temp.resolve("removed.png"));
        Path removedToo = Files.move(image("train", 3), temp.resolve("removed-too.png"));
        assertRefused(same, were + (trained == 12 ? 10 : 5) + " images .*");
        Files.move(removed, image("train", 0));
        Files.move(removedToo, image("train", 3));
        List<Path> renamed = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            renamed.add(Files.move(image("train", i), image("train", i).resolveSibling("renamed" + i + ".png")));
        }
        assertRefused(same, were + trained + " images .*");
        for (int i = 0; i < 12; i++) {
            Files.move(renamed.get(i), image("train", i));
        }
        Path moved = Files.move(image("test", 0), data.resolve("test/class1/0.png"));
        assertRefused(same, "the test data was 12 images .* and is 12 images .*");
        Files.move(moved, image("test", 0));
    }

    private void assertRefused(Object[] command, String difference) {
        Result refused = Miniatures.run(with(List.of(command), "--resume", "--out", out));
        assertEquals(1, refused.code(), refused.out() + " " + refused.err());
        String line = refused.err().getLast();
        assertTrue(
                line.matches("jmoco: what is saved in \\Q" + out + "\\E is of another run: .*" + difference
                        + "\\. Go on with what it was, or choose another --out"),
                line);
        assertFalse(Files.exists(out.resolve(ResultFolder.RESULT)));
    }

    /// Whatever the order of the options.
    private void assertGoesOn(List<Object> command, byte[] result) throws IOException {
        List<Object> reversed = new ArrayList<>();
        int end = command.size();
        for (int i = end - 1; i > 0; i--) {
            if (command.get(i).toString().startsWith("--")) {
                reversed.addAll(command.subList(i, end));
                end = i;
            }
        }
        reversed.addFirst(command.getFirst());
        Result resumed = Miniatures.run(with(reversed, "--resume", "--out", out));
        assertEquals(0, resumed.code(), resumed.err().toString());
        assertArrayEquals(result, Files.readAllBytes(out.resolve(ResultFolder.RESULT)));
    }
}
