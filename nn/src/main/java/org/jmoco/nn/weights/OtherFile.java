package org.jmoco.nn.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// What people hand over in place of weights, by its first bytes.
final class OtherFile {
    private static final int SHOWN = 512;
    private static final int TAR_MARK = 257;

    /// @param start the first bytes, as hexadecimal digits
    /// @param kind what begins so, in words
    private record Mark(String start, String kind) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("1f8b", "a gzip file; unpack it first"),
            new Mark("425a68", "a bzip2 file; unpack it first"),
            new Mark("fd377a585a00", "an xz file; unpack it first"),
            new Mark("28b52ffd", "a Zstandard file; unpack it first"),
            new Mark("377abcaf271c", "a 7z archive; unpack it first"),
            new Mark("52617221", "a RAR archive; unpack it first"),
            new Mark("934e554d5059", "one numpy array (npy), not the weights of a network"),
            new Mark("894844460d0a1a0a", "an HDF5 file (Keras); export the weights from PyTorch as safetensors"),
            new Mark("47475546", "a GGUF file; those hold language models"),
            new Mark("25504446", "a PDF"),
            new Mark("89504e47", "a PNG image"),
            new Mark("ffd8ff", "a JPEG image"),
            new Mark("7f454c46", "a program"));

    private OtherFile() {}

    /// What the file is, or `null` where its beginning says nothing.
    static String kind(MemorySegment file) {
        if (file.byteSize() == 0) {
            return "the file is empty; was its download cut short?";
        }
        byte[] start = file.asSlice(0, Math.min(SHOWN, file.byteSize())).toArray(JAVA_BYTE);
        String hex = HexFormat.of().formatHex(start);
        for (Mark mark : MARKS) {
            if (hex.startsWith(mark.start)) {
                return "this is " + mark.kind;
            }
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("ustar", Math.min(TAR_MARK, text.length()))) {
            return "this is a tar archive; unpack it first";
        }
        String mark = "\u00ef\u00bb\u00bf"; // of UTF-8
        return ofText((text.startsWith(mark) ? text.substring(3) : text).strip().toLowerCase(Locale.ROOT));
    }

    private static String ofText(String text) {
        if (text.startsWith("version https://git-lfs")) {
            return "this is a Git LFS pointer, not the weights themselves; fetch them with git lfs pull";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.startsWith("<head")) {
            return "this is a web page (HTML), not weights; the download wants another address, or a login";
        }
        if (text.startsWith("<?xml") || text.startsWith("<error")) {
            return "this is an XML text, perhaps a server's error message, not weights";
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return "this is a JSON text without the \"weight_map\" of sharded weights";
        }
        return null;
    }
}
