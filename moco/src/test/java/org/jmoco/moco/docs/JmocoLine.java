package org.jmoco.moco.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.eval.semi.SemiConfig;
import org.jmoco.eval.suite.SceneSuiteConfig;
import org.jmoco.eval.suite.SuiteConfig;
import org.jmoco.moco.Main;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;

/// The words behind `jmoco`, held against the commands that there are.
final class JmocoLine {
    private static final List<Record> CONFIGURATIONS = List.of(
            MocoConfig.defaults(),
            SegmentConfig.defaults(),
            DetectConfig.defaults(),
            LinearConfig.defaults(),
            SemiConfig.defaults(),
            SuiteConfig.cifar10(),
            SceneSuiteConfig.standard());

    private static final Map<String, CommandLine> COMMANDS =
            Main.commands().stream().collect(Collectors.toMap(name -> name, Main::command));

    private JmocoLine() {}

    /// What is wrong with them, in words; empty if nothing is.
    ///
    /// @param whole whether what a command asks for must be there
    static Optional<String> wrong(List<String> words, boolean whole) {
        if (words.isEmpty() || words.getFirst().matches("--help|-h|--version|-V|…|COMMAND")) {
            return Optional.empty();
        }
        CommandLine command = COMMANDS.get(words.getFirst());
        return command == null
                ? Optional.of("there is no command " + words.getFirst())
                : wrong(command, words.subList(1, words.size()), whole);
    }

    private static Optional<String> wrong(CommandLine command, List<String> words, boolean whole) {
        List<String> given = new ArrayList<>();
        String before = "";
        for (String word : words) {
            if (!word.equals("…") || before.startsWith("--")) { // behind an option it is a value
                given.add(word.matches("[NSRPB]") ? "1" : word); // such a letter stands for a number
            }
            before = word;
        }
        CommandLine top = command; // picocli parses from there
        for (; top.getParent() != null; top = top.getParent()) {
            given.addFirst(top.getCommandName());
        }
        collectErrors(top);
        List<Exception> errors = new ArrayList<>();
        for (CommandLine parsed : top.parseArgs(given.toArray(String[]::new)).asCommandLineList()) {
            errors.addAll(parsed.getParseResult().errors());
        }
        Stream<String> refused = errors.stream()
                .filter(e -> whole || !(e instanceof MissingParameterException))
                .map(Exception::getMessage);
        List<String> keys = new ArrayList<>();
        for (int i = 1; i < given.size(); i++) {
            if (given.get(i - 1).equals("--set")) {
                keys.add(given.get(i));
            }
        }
        return Stream.concat(refused, keys.stream().filter(Predicate.not(JmocoLine::isKey)))
                .findFirst();
    }

    private static void collectErrors(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(JmocoLine::collectErrors);
    }

    /// Whether some configuration has such a key, whatever its value.
    static boolean isKey(String override) {
        String key = override.contains("=") ? override : override + "=0";
        return CONFIGURATIONS.stream().anyMatch(config -> {
            try {
                Binder.bind(ConfigTree.override(new ConfigTree.Mapping(Map.of(), "--set"), List.of(key)), config);
                return true;
            } catch (ConfigException e) {
                return !e.getMessage().contains("unknown key");
            }
        });
    }

    /// Whether these words, which begin with an option, could stand behind some command.
    static boolean isOptionOfSome(List<String> words) {
        return commands().anyMatch(c -> wrong(c, words, false).isEmpty());
    }

    /// Whether they could behind a command of this name, of whatever group.
    static boolean isBehindSome(String name, List<String> words) {
        return commands()
                .filter(c -> c.getCommandName().equals(name))
                .anyMatch(c -> wrong(c, words, false).isEmpty());
    }

    /// All commands, those of groups too.
    static Stream<CommandLine> commands() {
        return COMMANDS.values().stream()
                .filter(c -> !c.getCommandName().equals("generate-completion")) // takes any option
                .flatMap(JmocoLine::withGroup);
    }

    private static Stream<CommandLine> withGroup(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(JmocoLine::withGroup));
    }
}
