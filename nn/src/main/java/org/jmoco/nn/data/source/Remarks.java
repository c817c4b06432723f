package org.jmoco.nn.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a person should know of a source before it is used: what is left out, and what looks like a mistake.
public final class Remarks {
    /// Images whose headers are looked at; data sets are of one kind as a rule.
    private static final int LOOKED_AT = 32;

    private static final int DEPTH_AT = 24;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

    private Remarks() {}

    /// Lines for people.
    public static List<String> of(ImageSource source) {
        List<String> lines = new ArrayList<>();
        source.leftOut().forEach(others -> lines.add("warning: " + others));
        source.classes().stream()
                .filter(FolderParts::isNamedAsPart)
                .findFirst()
                .ifPresent(name -> lines.add("warning: a class is called " + name + ", as parts of data sets are"
                        + "; if it is no class, name the folders of the training and test images"));
        if (source.classes().isEmpty() && source.targets() == Target.Kind.CLASS) {
            int first =
                    IntStream.range(0, source.size()).map(source::label).min().orElse(0);
            if (first > 0) {
                lines.add("warning: labels begin at " + first + ", so "
                        + (first == 1 ? "class 0 has" : "classes 0 to " + (first - 1) + " have") + " no image");
            }
        }
        deepGray(source)
                .ifPresent(
                        file -> lines.add(
                                "warning: " + file
                                        + ": is gray of 16 bits; values above 255 become white, as in Pillow (jmoco data check counts them)"));
        return lines;
    }

    private static Optional<Path> deepGray(ImageSource source) {
        if (!(origin(source) instanceof ImageFiles files)) {
            return Optional.empty();
        }
        int looks = Math.min(LOOKED_AT, files.size());
        return IntStream.range(0, looks)
                .mapToObj(i -> files.file((int) ((long) i * files.size() / looks)))
                .filter(Remarks::isDeepGray)
                .findFirst();
    }

    private static ImageSource origin(ImageSource source) {
        return source instanceof Selection some ? origin(some.all()) : source;
    }

    private static boolean isDeepGray(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(DEPTH_AT + 2);
            return head.length == DEPTH_AT + 2
                    && Arrays.equals(head, 0, PNG.length, PNG, 0, PNG.length)
                    && head[DEPTH_AT] == 16
                    && head[DEPTH_AT + 1] == 0;
        } catch (IOException e) {
            return false; // whoever loads it will hear of it
        }
    }
}
