package org.jmoco.moco.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of a shell as the commands it starts, each a list of words.
final class ShellLine {
    private static final Pattern WORD = Pattern.compile("\\s+|(&&|[|;()])|((?:'[^']*'|\"[^\"]*\"|[^\\s'\"|;()])+)");
    private static final Pattern INNER = Pattern.compile("[$<]\\(([^()]*)\\)");

    private ShellLine() {}

    static List<List<String>> commands(String line) {
        List<List<String>> commands = new ArrayList<>(List.of(new ArrayList<>()));
        Matcher m = WORD.matcher(INNER.matcher(line).replaceAll("INNER"));
        while (m.find()) {
            if (m.group(1) != null) {
                commands.add(new ArrayList<>());
            } else if (m.group(2) != null) {
                commands.getLast().add(m.group(2).replaceAll("['\"]", ""));
            }
        }
        INNER.matcher(line).results().forEach(inner -> commands.addAll(commands(inner.group(1))));
        for (List<String> words : commands) {
            while (words.size() > 1 && words.getFirst().matches("[A-Z_]+=.*")) {
                words.removeFirst();
            }
            int redirected = words.indexOf(">");
            if (redirected >= 0) {
                words.subList(redirected, words.size()).clear();
            }
        }
        commands.removeIf(List::isEmpty);
        return commands;
    }
}
