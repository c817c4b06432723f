package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A place that cannot be written is refused before anything is read or computed.
class UnwritableOutTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"knn", "svm", "lowshot"})
    void aFolderBelowAFileIsRefusedFirst(String command) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "kept");
        Path missing = temp.resolve("missing.npy");
        MainTest.Result result = MainTest.run(
                command,
                "--features",
                missing.toString(),
                "--test-features",
                missing.toString(),
                "--out",
                file.resolve("result").toString());
        assertEquals(1, result.code(), result.toString());
        assertTrue(
                result.toString()
                        .contains("jmoco: cannot write " + file.resolve("result/result.json") + ": " + file
                                + " is not a folder"),
                result.toString());
        assertEquals("kept", Files.readString(file));
    }
}
