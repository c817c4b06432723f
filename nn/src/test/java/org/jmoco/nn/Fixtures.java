package org.jmoco.nn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jmoco.tensor.io.SafeTensors;

/// The files that the scripts in `src/test/fixtures` made.
public final class Fixtures {
    private Fixtures() {}

    public static List<String> lines(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8).lines().toList();
    }

    public static SafeTensors tensors(String name) {
        return SafeTensors.parse(name, MemorySegment.ofArray(bytes(name)));
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
