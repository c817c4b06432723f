package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README stays true: its first commands are run, its configuration is read. `StaleCommandsTest` looks at all
/// others.
class ReadmeTest {
    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../README.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    private static String[] words(String command) {
        return Stream.of(command.strip().split("\\s+"))
                .map(w -> w.startsWith("configs/") ? "../" + w : w)
                .toArray(String[]::new);
    }

    @Test
    void theConfigurationForOnesOwnImagesIsRead() throws IOException {
        List<String> yaml = found("```yaml\n(.*?)```");
        assertEquals(1, yaml.size());
        MocoConfig config = Binder.bind(ConfigTree.parse(yaml.getFirst(), "README.md"), MocoConfig.defaults());
        assertEquals(8, config.ranks());
        assertEquals(65_536, config.contrast().queue());
    }

    /// The block of commands under "Use", in a folder of its own; the run is cut short.
    @Test
    void theFirstCommandsRun(@TempDir Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String block : found("## Use\n\n```bash\n(.*?)```")) {
            block.lines()
                    .map(l -> l.replaceFirst("\\s+#.*", "")
                            .replaceFirst("^\\./jmoco ", "")
                            .replace("runs/", folder + "/runs/"))
                    .forEach(lines::add);
        }
        assertEquals(3, lines.size());
        for (String line : lines) {
            String shortened = line.startsWith("pretrain")
                    ? line + " --set schedule.steps=2 --set knn.every=0 --set model.width=4"
                    : line;
            MainTest.Result r = MainTest.run(words(shortened));
            assertEquals(0, r.code(), line + "\n" + r.err());
            assertTrue(r.out().lines().toList().getLast().startsWith("result "), r.out());
        }
    }
}
