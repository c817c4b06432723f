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

/// README and pages stay true: what they tell to type is understood, and the first commands are run.
class ReadmeTest {
    private static final List<String> PAGES =
            List.of("README.md", "docs/running.md", "docs/data.md", "docs/evaluation.md", "docs/tutorial.md");

    private static List<String> found(String pattern) throws IOException {
        return found(pattern, "README.md");
    }

    private static List<String> found(String pattern, String page) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    private static List<String> foundInAll(String pattern) throws IOException {
        List<String> all = new ArrayList<>();
        for (String page : PAGES) {
            all.addAll(found(pattern, page));
        }
        return all;
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

    @Test
    void everyCommandInTextIsKnown() throws IOException {
        List<String> commands = foundInAll("`\\./jmoco ([^`\n]+)`");
        assertTrue(commands.size() > 12, commands.size() + " commands");
        for (String command : commands) {
            if (command.contains("--out") || command.contains("--config") || command.contains("--weights")) {
                assertTrue(Main.understands(words(command)), "./jmoco " + command);
            } else {
                String first = words(command)[0];
                assertEquals(0, MainTest.run(first, "--help").code(), "./jmoco " + command);
            }
        }
    }

    /// What each of them does is tested with its command; here, that it is one.
    @Test
    void everyCommandInABlockIsUnderstood() throws IOException {
        List<String> lines = foundInAll("```bash\n(.*?)```").stream()
                .flatMap(String::lines)
                .map(l -> l.replaceFirst("\\s+#.*", "").strip())
                .filter(l -> !l.isEmpty())
                .toList();
        for (String line : lines) {
            if (line.startsWith("./jmoco ")) {
                assertTrue(Main.understands(words(line.substring("./jmoco ".length()))), line);
                for (String word : words(line)) {
                    assertTrue(
                            !word.startsWith("../configs/") || Files.isRegularFile(Path.of(word)),
                            line + ": there is no " + word);
                }
            } else {
                assertTrue(
                        List.of(
                                        "git clone <this repository> jmoco && cd jmoco",
                                        "mvn -B -DskipTests package",
                                        "jshell --class-path moco/target/jmoco.jar -R--add-modules=jdk.incubator.vector",
                                        "mvn -B verify")
                                .contains(line),
                        "neither run by .ci/run nor a command of jmoco: " + line);
            }
        }
        assertTrue(lines.size() > 15, lines.size() + " lines");
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
