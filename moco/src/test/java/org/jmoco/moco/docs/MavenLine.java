package org.jmoco.moco.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The words behind `mvn`, held against the projects that there are.
final class MavenLine {
    private static final List<String> SWITCHES = List.of("-B", "-q", "-ntp", "-am", "…");
    private static final List<String> GOALS = List.of(
            "process-classes",
            "test-compile",
            "test",
            "package",
            "verify",
            "install",
            "spotless:apply",
            "spotless:check");
    private static final List<String> MAVENS =
            List.of("skipTests", "test", "surefire.failIfNoSpecifiedTests", "maven.repo.local");
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern PROFILE = Pattern.compile("<profile>(.*?)</profile>", Pattern.DOTALL);

    private final Path folder;
    private final Set<String> modules = new LinkedHashSet<>();
    private final List<String> profiles = new ArrayList<>();
    private final String poms;
    private final Sources sources;

    /// @param folder of the project, with its `pom.xml`
    MavenLine(Path folder, Sources sources) throws IOException {
        this.folder = folder;
        this.sources = sources;
        String pom = pom(folder);
        PROFILE.matcher(pom).results().forEach(p -> profiles.add(p.group(1)));
        StringBuilder all = new StringBuilder(pom);
        for (String module : modules(PROFILE.matcher(pom).replaceAll(""))) {
            modules.add(module);
            String text = pom(folder.resolve(module));
            all.append(text);
            for (String inner : modules(text)) {
                modules.add(module + "/" + inner);
            }
            // Of profiles that a module has for itself.
            PROFILE.matcher(text).results().forEach(p -> profiles.add(p.group(1)));
        }
        all.append(pom(Page.PROJECT.resolve("bench")));
        poms = all.toString();
    }

    private static String pom(Path folder) throws IOException {
        Path file = folder.resolve("pom.xml");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static List<String> modules(String pom) {
        return MODULE.matcher(pom).results().map(m -> m.group(1)).toList();
    }

    /// What is wrong with them, in words; empty if nothing is.
    Optional<String> wrong(List<String> words) {
        if (!Files.exists(folder.resolve("pom.xml"))) {
            return Optional.of("there is no pom.xml in " + folder);
        }
        Set<String> active = new LinkedHashSet<>(modules);
        List<String> wrong = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("-P")) {
                for (String name : word.substring(2).split(",")) {
                    List<String> named = profiles.stream()
                            .filter(p -> p.contains("<id>" + name + "</id>"))
                            .toList();
                    named.forEach(p -> active.addAll(modules(p)));
                    if (named.isEmpty()) {
                        wrong.add("there is no profile " + name);
                    }
                }
            }
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-pl")) {
                Stream.of(words.get(++i).split(","))
                        .filter(m -> !active.contains(m))
                        .forEach(m -> wrong.add("there is no module " + m + " in " + active));
            } else if (word.startsWith("-D")) {
                property(word.substring(2)).ifPresent(wrong::add);
            } else if (!word.startsWith("-P") && !SWITCHES.contains(word) && !GOALS.contains(word)) {
                wrong.add("unknown to this test: " + word);
            }
        }
        boolean some = words.stream().anyMatch(w -> w.startsWith("-Dtest="));
        if (some && words.contains("-am") && !words.contains("-Dsurefire.failIfNoSpecifiedTests=false")) {
            wrong.add("modules without such a test fail: -Dsurefire.failIfNoSpecifiedTests=false");
        }
        return wrong.stream().findFirst();
    }

    /// @param set `NAME=VALUE`, without `-D`
    private Optional<String> property(String set) {
        String name = set.replaceFirst("=.*", "");
        String value = set.substring(Math.min(set.length(), name.length() + 1));
        if (name.equals("test") && !value.isEmpty()) {
            return Stream.of(value.split(","))
                    .filter(t -> !sources.hasTest(t))
                    .map(t -> "there is no test " + t)
                    .findFirst();
        }
        if (value.startsWith("-D")) {
            return property(value.substring(2));
        }
        boolean known = MAVENS.contains(name)
                || poms.contains("${" + name + "}")
                || poms.contains("<" + name + ">")
                || poms.contains("<" + name + "/>")
                || sources.hasText(name);
        return known ? Optional.empty() : Optional.of("nothing reads " + name);
    }
}
