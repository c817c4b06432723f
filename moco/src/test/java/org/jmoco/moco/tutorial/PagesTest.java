package org.jmoco.moco.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Java of the pages, typed into `jshell` as it stands there, from top to bottom.
class PagesTest {
    /// A later block may give a name another meaning.
    private static final Set<Snippet.Status> WELL = Set.of(Snippet.Status.VALID, Snippet.Status.OVERWRITTEN);

    private static List<String> blocks(Path page) throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    /// What the comments and the text of a page promise, as `jshell` answers it after the last block.
    private static final Map<String, List<String>> PROMISES = Map.of(
            "README.md",
            List.of("Math.abs(loss - Math.log(10)) < 1e-6"),
            "docs/from-pytorch.md",
            List.of(
                    "means[0] == 2 && means[1] == 5",
                    "loss < 1",
                    "parameters > 100_000",
                    "queries.length == 64 * 3072"),
            "docs/tutorial.md",
            List.of(
                    "sums[0] == 66 && sums[1] == 156",
                    "Math.abs(found - 3) < 0.01",
                    "last < first - 0.05",
                    "queries.length == 64 * 32 * 32 * 3 && keys.length == queries.length",
                    "Math.abs(nats - 0.225547) < 1e-5",
                    "top1 == 1",
                    "Float.isFinite(outcome.loss())",
                    "percent > 15"));

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/from-pytorch.md", "docs/tutorial.md"})
    void everyBlockRunsAndGivesWhatThePageSays(String name) throws IOException {
        List<String> blocks = blocks(Path.of("..").resolve(name));
        assertTrue(!blocks.isEmpty(), name);
        try (JShell shell =
                JShell.builder().executionEngine(new OnThisThread(), Map.of()).build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String block : blocks) {
                run(shell, block, name);
            }
            for (String promise : PROMISES.get(name)) {
                assertEquals("true", shell.eval(promise).getFirst().value(), name + ": " + promise);
            }
        }
    }

    private static void run(JShell shell, String block, String name) {
        for (String rest = block; !rest.isBlank(); ) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            assertTrue(next.completeness().isComplete(), () -> name + ": incomplete: " + next.source());
            for (SnippetEvent e : shell.eval(next.source())) {
                String diagnostics = shell.diagnostics(e.snippet())
                        .map(d -> d.getMessage(null))
                        .collect(Collectors.joining("; "));
                assertTrue(WELL.contains(e.status()), () -> name + ": " + next.source() + diagnostics);
                assertTrue(e.exception() == null, () -> name + ": " + next.source() + e.exception());
            }
            rest = next.remaining();
        }
    }

    /// Runs what is typed on the thread that asks for it, as `jshell` does in a process of its own: a program
    /// belongs to the thread that feeds it.
    private record OnThisThread() implements ExecutionControlProvider {
        @Override
        public String name() {
            return "on this thread";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return new DirectExecutionControl();
        }
    }
}
