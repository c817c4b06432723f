package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;

/// Reads which files a tar archive has, and where, from the headers alone. V7, ustar, GNU's long names and pax
/// headers are known. Of an archive within the archive, `a.tar`, the files are listed as if they lay in a folder
/// `a`; ImageNet's training images come so. Archives in those are plain files.
///
/// An archive is refused as a whole, in one line, if anything in it could mean different things to different
/// programs or leads out of it: a name that is absolute, has `..` or comes twice, a link, a device, a sparse file,
/// a length that is negative or beyond the end, an end without the mark of an end.
final class TarReader {
    private static final String SUFFIX = ".tar";
    private static final int BLOCK = TarHeader.BLOCK;

    /// What systems take.
    private static final int LONGEST_NAME = 4096;

    private static final int DEEPEST = 64;

    /// Names and attributes of one file have no more bytes.
    private static final int LONGEST_HEADER = 1 << 20;

    private final Bytes bytes;
    private final String title;
    private final String above;
    private final long end;
    private final LongLook look;

    /// @param title begins messages   @param above what all names begin with   @param end where the archive ends
    private TarReader(Bytes bytes, String title, String above, long end, LongLook look) {
        this.bytes = bytes;
        this.title = title;
        this.above = above;
        this.end = end;
        this.look = look;
    }

    /// Reads the headers of an archive.
    ///
    /// @param title begins messages   @param look that it is part of
    /// @throws DataException if it is refused
    static TarIndex read(Bytes bytes, String title, LongLook look) {
        TarReader whole = new TarReader(bytes, title, "", bytes.size(), look);
        try {
            whole.refuseOtherForms();
            List<Entry> entries = whole.entries(0);
            TarIndex.Builder files = new TarIndex.Builder();
            for (TarIndex.Builder part :
                    entries.parallelStream().map(whole::files).toList()) {
                files.addAll(part);
            }
            SampleClasses.find(bytes, title, files);
            TarIndex index = files.build();
            requireEachOnce(index, title);
            return index;
        } catch (IOException e) {
            throw new DataException(title + ": cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    /// One file.
    private record Entry(String name, long offset, long length, int header) {
        boolean isArchive() {
            String own = name.substring(name.lastIndexOf('/') + 1);
            return own.length() > SUFFIX.length()
                    && !own.startsWith(".")
                    && own.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
        }
    }

    /// The file itself, or those in it.
    private TarIndex.Builder files(Entry entry) {
        TarIndex.Builder files = new TarIndex.Builder();
        if (entry.isArchive()) {
            String folder = entry.name.substring(0, entry.name.length() - SUFFIX.length());
            TarReader inner =
                    new TarReader(bytes, title + ": " + entry.name, folder + "/", entry.offset + entry.length, look);
            try {
                inner.entries(entry.offset).forEach(e -> files.add(e.name, e.offset, e.length, e.header));
            } catch (IOException e) {
                throw new DataException(title + ": cannot be read (" + DataException.because(e) + ")", e);
            }
        } else {
            files.add(entry.name, entry.offset, entry.length, entry.header);
        }
        return files;
    }

    private List<Entry> entries(long start) throws IOException {
        List<Entry> entries = new ArrayList<>();
        String longName = null;
        Map<String, String> pax = Map.of();
        for (long at = start; ; ) {
            if (end - at < BLOCK) {
                throw refused("is truncated: it ends without the empty block that ends a tar archive");
            }
            TarHeader header = new TarHeader(bytes.read(at, BLOCK));
            if (header.isEmpty()) {
                if (longName != null || !pax.isEmpty()) {
                    throw refused("is damaged: it ends after a long name, without the file of that name");
                }
                return entries;
            }
            if (!header.isSound()) {
                throw refused(
                        at == start ? "is no tar archive" : "is damaged: at byte " + at + " there should be a header");
            }
            long offset = at + BLOCK;
            long length = length(header, pax, at);
            if (length > end - offset) {
                throw refused("is truncated, or its header at byte " + at + " lies: " + length
                        + " bytes should follow, and there are " + (end - offset));
            }
            at = offset + Math.min(end - offset, (length + BLOCK - 1) / BLOCK * BLOCK);
            switch (header.type()) {
                case 'L' -> longName = longName(offset, length);
                case 'K', 'g', 'V' -> {
                    if (header.type() == 'g'
                            && !refuseUnknown(pax(offset, length)).isEmpty()) {
                        throw refused("has one name or one length for all of its files: unpack it");
                    }
                }
                case 'x', 'X' -> pax = refuseUnknown(pax(offset, length));
                default -> {
                    if (longName != null && pax.containsKey("path")) {
                        throw refused("has two long names for one file, at byte " + (offset - BLOCK));
                    }
                    String raw = longName != null ? longName : pax.get("path");
                    file(header, raw != null ? raw : name(header, offset), offset, length, entries);
                    longName = null;
                    pax = Map.of();
                }
            }
        }
    }

    private void file(TarHeader header, String raw, long offset, long length, List<Entry> entries) {
        String name = safe(raw);
        switch (header.type()) {
            case '0', '7', 0 -> {
                if (!raw.endsWith("/")) {
                    if (name.isEmpty()) {
                        throw refused("has a file without a name");
                    }
                    Entry entry = new Entry(above + name, offset, length, header.sum());
                    entries.add(entry);
                    if (!above.isEmpty() || !entry.isArchive()) {
                        look.found(1, length);
                    }
                } else if (length > 0) {
                    throw refused("has a folder with bytes in it, '" + shortened(name) + "'");
                }
            }
            case '5' -> {
                if (length > 0) {
                    throw refused("has a folder with bytes in it, '" + shortened(name) + "'");
                }
            }
            case '1', '2' -> throw refused("has a link, '" + shortened(name) + "'; links are not followed: unpack it");
            case '3', '4', '6' ->
                throw refused("has a device or a pipe, '" + shortened(name) + "', as no archive of images has");
            case 'S' -> throw refused("has a sparse file, '" + shortened(name) + "', which is not read: unpack it");
            case 'M' -> throw refused("is one of several volumes: put them together");
            default ->
                throw refused("has an entry of the unknown type " + (int) header.type() + ", '" + shortened(name)
                        + "': unpack it");
        }
    }

    private long length(TarHeader header, Map<String, String> pax, long at) {
        boolean ofFile = "LKxXg".indexOf(header.type()) < 0;
        String said = ofFile ? pax.get("size") : null;
        OptionalLong length = said == null ? header.size() : number(said);
        if (length.isEmpty()) {
            throw refused("is damaged: its header at byte " + at + " has no length from 0 to 2⁶³ − 1");
        }
        return length.getAsLong();
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private String longName(long offset, long length) throws IOException {
        if (length > LONGEST_NAME + 1) {
            throw refused("has a name of " + length + " bytes");
        }
        byte[] text = bytes.read(offset, (int) length);
        try {
            return TarHeader.text(text, 0, text.length);
        } catch (CharacterCodingException e) {
            throw refused("has a name that is no UTF-8, at byte " + offset);
        }
    }

    private String name(TarHeader header, long offset) {
        try {
            return header.name();
        } catch (CharacterCodingException e) {
            throw refused("has a name that is no UTF-8, at byte " + (offset - BLOCK));
        }
    }

    /// Records `length key=value\n` (POSIX.1-2001).
    private Map<String, String> pax(long offset, long length) throws IOException {
        if (length > LONGEST_HEADER) {
            throw refused("has a pax header of " + length + " bytes");
        }
        byte[] all = bytes.read(offset, (int) length);
        Map<String, String> values = new HashMap<>();
        for (int at = 0; at < all.length && all[at] != 0; ) {
            int space = at;
            int count = 0;
            while (space < all.length && all[space] >= '0' && all[space] <= '9' && count < LONGEST_HEADER) {
                count = 10 * count + all[space++] - '0';
            }
            int next = at + count;
            if (space == at
                    || space >= all.length
                    || all[space] != ' '
                    || count > all.length - at
                    || next < space + 3
                    || all[next - 1] != '\n') {
                throw refused("is damaged: its pax header at byte " + offset + " is none");
            }
            int equals = space + 1;
            while (equals < next && all[equals] != '=') {
                equals++;
            }
            if (equals == next) {
                throw refused("is damaged: its pax header at byte " + offset + " is none");
            }
            String key = new String(all, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
            if (key.equals("path") || key.equals("size")) {
                try {
                    values.put(key, strict(all, equals + 1, next - 1));
                } catch (CharacterCodingException e) {
                    throw refused("has a name that is no UTF-8, at byte " + offset);
                }
            } else if (key.startsWith("GNU.sparse.")) {
                values.put("sparse", "");
            }
            at = next;
        }
        return values;
    }

    private static String strict(byte[] all, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(all, from, to - from))
                .toString();
    }

    private Map<String, String> refuseUnknown(Map<String, String> pax) {
        if (pax.containsKey("sparse")) {
            throw refused("has a sparse file, which is not read: unpack it");
        }
        return pax;
    }

    /// Whether a name is as [#read] gives names, so that it stands for a file in the archive.
    static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > 2 * LONGEST_NAME || name.indexOf(0) >= 0) {
            return false;
        }
        int depth = 0;
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || ++depth > 2 * DEEPEST) {
                return false;
            }
        }
        return true;
    }

    /// A name without empty parts and `.`.
    private String safe(String raw) {
        String shown = "'" + shortened(raw) + "'";
        if (raw.length() > LONGEST_NAME) {
            throw refused("has a name of " + raw.length() + " characters");
        }
        if (raw.startsWith("/")) {
            throw refused("has an absolute name, " + shown);
        }
        if (raw.indexOf(0) >= 0) {
            throw refused("has a name with a NUL in it");
        }
        List<String> parts = new ArrayList<>();
        for (String part : raw.split("/", -1)) {
            if (part.equals("..")) {
                throw refused("has a name that leads out of it, " + shown);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.size() > DEEPEST) {
            throw refused("has a name of " + parts.size() + " folders, " + shown);
        }
        return String.join("/", parts);
    }

    /// No file has the name of another, or of another's folder.
    static void requireEachOnce(TarIndex index, String title) {
        Set<String> files = new HashSet<>();
        for (String name : index.names()) {
            if (!files.add(name)) {
                throw new DataException(title + ": has '" + shortened(name) + "' twice");
            }
        }
        Set<String> folders = new HashSet<>();
        for (String name : index.names()) {
            for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
                String folder = name.substring(0, slash);
                if (!folders.add(folder)) {
                    break;
                }
                if (files.contains(folder)) {
                    throw new DataException(title + ": has '" + shortened(folder) + "' as a file and as a folder");
                }
            }
        }
    }

    /// Archives are told by their first bytes, whatever they are called.
    private void refuseOtherForms() throws IOException {
        if (end == 0) {
            throw refused("is empty");
        }
        byte[] head = bytes.read(0, (int) Math.min(6, end));
        Compression.of(head).ifPresent(c -> {
            throw refused(c.advice());
        });
    }

    private DataException refused(String why) {
        return new DataException(title + ": " + why);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
