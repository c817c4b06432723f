package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.junit.jupiter.params.provider.MethodSource;

/// A recipe in YAML. What is read can be written and read again to the same.
class ConfigFuzz {
    private static final Bounds BOUNDS = new Bounds(ConfigException.class, 8 << 20, 4096);

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.all("configs", ".yaml"),
                Seeds.texts(
                        "batch: &b 8\nranks: *b\n",
                        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
                        "!!java.net.URL [\"http://localhost\"]",
                        "seed: !!int \"3\"\n",
                        "a: &a [x]\nb: &b [*\n",
                        "!%a",
                        "[".repeat(40),
                        "a: &a [*a]\n"));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void config(byte[] file) {
        BOUNDS.hold(file, bytes -> {
            MocoConfig read = read(new String(bytes, StandardCharsets.UTF_8));
            if (!ConfigText.of(read(ConfigText.of(read))).equals(ConfigText.of(read))) {
                throw new AssertionError("reads differently once it is written:\n" + ConfigText.of(read));
            }
        });
    }

    private static MocoConfig read(String text) {
        return Binder.bind(ConfigTree.parse(text, "x.yaml"), MocoConfig.defaults());
    }
}
