package org.jmoco.nn.data.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Writes tar archives, sound ones and others.
public final class TarMaker {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A file.
    public TarMaker file(String name, byte[] bytes) {
        return entry(name, '0', "%011o".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII), bytes);
    }

    public TarMaker file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// An entry of any type with any length in its header.
    ///
    /// @param size at most 12 bytes, as they stand in the header
    public TarMaker entry(String name, char type, byte[] size, byte[] bytes) {
        byte[] header = new byte[512];
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (text.length > 100) {
            entry("././@LongLink", 'L', "%011o".formatted(text.length).getBytes(StandardCharsets.US_ASCII), text);
        }
        System.arraycopy(text, 0, header, 0, Math.min(100, text.length));
        System.arraycopy("0000644".getBytes(StandardCharsets.US_ASCII), 0, header, 100, 7);
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = (byte) type;
        System.arraycopy("ustar  ".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 7);
        sign(header);
        out.writeBytes(header);
        out.writeBytes(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
        return this;
    }

    /// Writes the sum of a header into it.
    static void sign(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 8);
    }

    /// Without the mark of the end.
    public byte[] open() {
        return out.toByteArray();
    }

    public byte[] bytes() {
        return Arrays.copyOf(out.toByteArray(), out.size() + 1024);
    }

    public Path write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All files in a folder, in the order of their names.
    public static TarMaker of(Path folder) {
        TarMaker tar = new TarMaker();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : sorted) {
                tar.file(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
            return tar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
