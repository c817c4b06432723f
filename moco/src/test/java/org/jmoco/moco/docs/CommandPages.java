package org.jmoco.moco.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jmoco.moco.Main;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The pages below `docs/commands`: for each command what its help says, and one page that lists them.
///
/// From the folder `moco`, with the tests' class path, `java org.jmoco.moco.docs.CommandPages` writes them anew.
public final class CommandPages {
    static final Path FOLDER = Path.of("../docs/commands");
    private static final int WIDTH = 100;

    private CommandPages() {}

    /// Writes them all.
    public static void main(String... args) throws IOException {
        Files.createDirectories(FOLDER);
        for (Map.Entry<String, String> page : texts().entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }

    /// File names and what stands in the files.
    static Map<String, String> texts() {
        Map<String, String> pages = new TreeMap<>();
        StringBuilder index = new StringBuilder("""
            # Commands

            What `./jmoco COMMAND --help` prints, a page a command.

            | command | what it does |
            |---|---|
            """);
        for (String name : Main.commands()) {
            CommandLine command = Main.command(name);
            StringBuilder page = new StringBuilder();
            append(command, page);
            pages.put(name + ".md", page.toString());
            index.append("| [").append(name).append("](").append(name).append(".md) | ");
            index.append(String.format(String.join(
                            " ", command.getCommandSpec().usageMessage().description()))
                    .replace("|", "\\|"));
            index.append(" |\n");
        }
        pages.put("README.md", index.toString());
        return pages;
    }

    /// A command's help, then those of its subcommands.
    private static void append(CommandLine command, StringBuilder page) {
        command.setUsageHelpAutoWidth(false);
        command.setUsageHelpWidth(WIDTH);
        page.append(page.isEmpty() ? "# " : "\n## ");
        page.append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n");
        List<String> lines = command.getUsageMessage(Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .toList();
        page.append(String.join("\n", lines).strip()).append("\n```\n");
        command.getSubcommands().values().forEach(sub -> append(sub, page));
    }
}
