package org.jmoco.nn.train;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The source folder that the program runs from, if it was built there: a git checkout around the jar or the classes.
public final class Checkout {
    private static final String UNKNOWN = "unknown";

    private Checkout() {}

    /// The top of the checkout.
    public static Optional<Path> folder() {
        try {
            Path at = Path.of(Checkout.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            while (at != null && !Files.exists(at.resolve(".git"))) {
                at = at.getParent();
            }
            return Optional.ofNullable(at);
        } catch (URISyntaxException | RuntimeException e) {
            return Optional.empty(); // a class loader that knows no files
        }
    }

    /// The commit that is checked out, 40 hexadecimal digits; `unknown` outside a checkout. Changes that are not
    /// committed do not show.
    public static String revision() {
        try {
            Path git = folder().map(f -> f.resolve(".git")).orElse(null);
            return git == null ? UNKNOWN : revision(gitFolder(git));
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /// In a linked worktree `.git` is a file that names the folder.
    private static Path gitFolder(Path git) throws IOException {
        return Files.isDirectory(git)
                ? git
                : git.resolveSibling(Files.readString(git).strip().substring("gitdir: ".length()));
    }

    private static String revision(Path git) throws IOException {
        String head = Files.readString(git.resolve("HEAD")).strip();
        if (!head.startsWith("ref: ")) {
            return head;
        }
        String ref = head.substring("ref: ".length());
        Path common = Files.exists(git.resolve("commondir"))
                ? git.resolve(Files.readString(git.resolve("commondir")).strip())
                : git;
        if (Files.exists(common.resolve(ref))) {
            return Files.readString(common.resolve(ref)).strip();
        }
        if (!Files.exists(common.resolve("packed-refs"))) {
            return UNKNOWN;
        }
        return Files.readAllLines(common.resolve("packed-refs")).stream()
                .filter(line -> line.endsWith(" " + ref))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
