package org.jmoco.nn.data.archive;

import java.util.Locale;
import java.util.Optional;

/// What archives are compressed by. In a compressed archive nothing can be found without what lies before it.
enum Compression {
    GZIP("gzip", "gzip -dk FILE", new int[] {0x1F, 0x8B}, ".tar.gz", ".tgz"),
    BZIP2("bzip2", "bzip2 -dk FILE", new int[] {'B', 'Z', 'h'}, ".tar.bz2", ".tbz2", ".tbz"),
    XZ("xz", "xz -dk FILE", new int[] {0xFD, '7', 'z', 'X', 'Z', 0}, ".tar.xz", ".txz"),
    ZSTD("zstd", "zstd -d FILE", new int[] {0x28, 0xB5, 0x2F, 0xFD}, ".tar.zst", ".tzst"),
    ZIP("zip", "unzip FILE, and name the folder", new int[] {'P', 'K', 3, 4}, ".zip");

    private final String word;
    private final String command;
    private final int[] magic;
    private final String[] suffixes;

    Compression(String word, String command, int[] magic, String... suffixes) {
        this.word = word;
        this.command = command;
        this.magic = magic;
        this.suffixes = suffixes;
    }

    /// By a file's first bytes.
    static Optional<Compression> of(byte[] head) {
        for (Compression one : values()) {
            boolean equal = head.length >= one.magic.length;
            for (int i = 0; equal && i < one.magic.length; i++) {
                equal = (head[i] & 0xFF) == one.magic[i];
            }
            if (equal) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// By a file's name.
    static Optional<Compression> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Compression one : values()) {
            for (String suffix : one.suffixes) {
                if (lower.endsWith(suffix)) {
                    return Optional.of(one);
                }
            }
        }
        return Optional.empty();
    }

    /// What is wrong, and what to do.
    String advice() {
        return "is compressed by " + word + "; plain tar archives and folders are read in place: " + command
                + (this == ZIP ? "" : " makes the tar archive");
    }
}
