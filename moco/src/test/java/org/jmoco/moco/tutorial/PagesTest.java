package org.jmoco.moco.tutorial;

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

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/from-pytorch.md", "docs/tutorial.md"})
    void everyBlockRuns(String name) throws IOException {
        List<String> blocks = blocks(Path.of("..").resolve(name));
        assertTrue(!blocks.isEmpty(), name);
        try (JShell shell =
                JShell.builder().executionEngine(new OnThisThread(), Map.of()).build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String block : blocks) {
                run(shell, block, name);
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
