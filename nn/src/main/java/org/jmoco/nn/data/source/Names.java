package org.jmoco.nn.data.source;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// Names of files, sorted, as they lie in an index: taken apart when the first of them is asked for, as most starts
/// ask for none.
final class Names extends AbstractList<String> implements RandomAccess {
    /// Behind each name; none has it.
    private static final char END = '/';

    private final int size;
    private final String extension;
    private final byte[] utf8;
    private volatile String[] apart;

    private Names(int size, String extension, byte[] utf8) {
        this.size = size;
        this.extension = extension;
        this.utf8 = utf8;
    }

    /// @param files whether all of them are files
    static Names of(List<String> names, boolean files) {
        StringBuilder all = new StringBuilder();
        names.forEach(name -> all.append(name).append(END));
        return new Names(
                names.size(), files ? extension(names) : "", all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// That of all names, with its dot; empty if they have several, or one of them is hidden.
    private static String extension(List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String first = names.getFirst();
        String extension = first.substring(Math.max(0, first.lastIndexOf('.')));
        return names.stream().allMatch(n -> n.endsWith(extension) && !n.startsWith(".")) && extension.startsWith(".")
                ? extension
                : "";
    }

    /// What all names end with, if they are those of files that are not hidden: a dot and letters. Empty otherwise.
    String extension() {
        return extension;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String get(int index) {
        String[] names = apart;
        if (names == null) {
            names = new String[size];
            String all = new String(utf8, StandardCharsets.UTF_8);
            for (int i = 0, from = 0; i < size; i++) {
                int to = all.indexOf(END, from);
                names[i] = all.substring(from, to);
                from = to + 1;
            }
            apart = names;
        }
        return names[index];
    }

    /// Whether there are as many names as it says.
    boolean isWhole() {
        int ends = 0;
        for (byte b : utf8) {
            ends += b == END ? 1 : 0;
        }
        return ends == size;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(size);
        out.writeUTF(extension);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    static Names read(DataInputStream in) throws IOException {
        return new Names(in.readInt(), in.readUTF(), in.readNBytes(in.readInt()));
    }
}
