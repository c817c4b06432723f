package org.jmoco.nn.weights;

import java.util.List;

/// The key names of one family of files, as data: ordered prefix pairs that are read in both
/// directions.
///
/// @param name short, for the command line
/// @param description what writes such files
/// @param mark the key by which such a file is recognised, perhaps behind a prefix: of the first block, since
///   stems differ
/// @param renames the first pair whose prefix fits is applied; a key that fits none keeps its name
/// @param dropped prefixes of keys that repeat others or are no weights
public record Layout(String name, String description, String mark, List<Rename> renames, List<String> dropped) {
    /// @param theirs prefix in the file, @param ours prefix here
    public record Rename(String theirs, String ours) {}

    /// Whether such a key is left out.
    public boolean drops(String key) {
        return dropped.stream().anyMatch(key::startsWith);
    }

    public String toOurs(String key) {
        for (Rename r : renames) {
            if (key.startsWith(r.theirs)) {
                return r.ours + key.substring(r.theirs.length());
            }
        }
        return key;
    }

    public String fromOurs(String key) {
        for (Rename r : renames) {
            if (key.startsWith(r.ours)) {
                return r.theirs + key.substring(r.ours.length());
            }
        }
        return key;
    }

    /// What stands before the mark in a key: empty, or a prefix that ends with a dot; `null` if the key is
    /// another one.
    String before(String key) {
        int length = key.length() - mark.length();
        return key.endsWith(mark) && (length == 0 || key.charAt(length - 1) == '.') ? key.substring(0, length) : null;
    }

    /// Whether files of this layout hold a whole MoCo rather than one encoder.
    public boolean isMoco() {
        return toOurs(mark).startsWith("encoder_");
    }
}
