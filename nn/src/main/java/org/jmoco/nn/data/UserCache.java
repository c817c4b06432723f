package org.jmoco.nn.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/// The user's cache folder, where what was found out about large data sets is kept from one start to the next.
public final class UserCache {
    private UserCache() {}

    /// The file for what is known of a path.
    ///
    /// @param folder below the cache folder of jmoco   @param path absolute
    /// @return empty if the user has no such folder
    public static Optional<Path> file(String folder, Path path) {
        return place(folder).map(f -> f.resolve(name(path)));
    }

    private static Optional<Path> place(String folder) {
        String cache = System.getenv("XDG_CACHE_HOME");
        String home = System.getProperty("user.home", "?");
        try {
            if (cache != null && !cache.isBlank()) {
                return Optional.of(Path.of(cache, "jmoco", folder));
            }
            return home.equals("?") ? Optional.empty() : Optional.of(Path.of(home, ".cache", "jmoco", folder));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String name(Path path) {
        byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
        CRC32 sum = new CRC32();
        sum.update(text);
        return "%08x-%08x.index".formatted(sum.getValue(), path.toString().hashCode());
    }
}
