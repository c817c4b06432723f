package org.jmoco.tensor.io;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files that `src/test/fixtures/make_io.py` made.
final class Fixtures {
    private Fixtures() {}

    static Path path(String name) {
        try {
            return Path.of(Fixtures.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(path(name));
    }

    /// What element i of a fixture's `[2, 3, 4]` array is.
    static double value(ElementType type, int i) {
        return switch (type) {
            case F64, F32, F16, BF16 -> (i - 5) / 4.0;
            case I64, I32, I16, I8 -> i - 5;
            case U8 -> i;
            case BOOL -> i % 2;
        };
    }
}
