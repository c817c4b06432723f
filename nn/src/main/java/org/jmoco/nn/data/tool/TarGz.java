package org.jmoco.nn.data.tool;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jmoco.tensor.io.Messages;

/// Unpacks `.tar.gz` archives (POSIX ustar), as far as data sets need it: plain files, each under the last part of
/// its name.
final class TarGz {
    private static final int BLOCK = 512;

    private TarGz() {}

    /// Writes the plain files of an archive to one folder. Folders, links and the archive's own paths are not
    /// restored, so nothing can land elsewhere.
    ///
    /// @param mostBytes limit on what all files together may have
    /// @throws IOException if the archive is cut short, is none, or holds more
    static void unpack(Path archive, Path folder, long mostBytes) throws IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
            long left = mostBytes;
            for (byte[] header = in.readNBytes(BLOCK);
                    header.length == BLOCK && header[0] != 0;
                    header = in.readNBytes(BLOCK)) {
                long bytes = octal(header, 124, 12);
                boolean plain = header[156] == '0' || header[156] == 0;
                left -= bytes;
                if (left < 0) {
                    throw new IOException(archive.getFileName() + " holds more than " + mostBytes + " bytes");
                }
                if (plain) {
                    copy(in, folder.resolve(lastName(header)), bytes);
                } else {
                    in.skipNBytes(bytes);
                }
                in.skipNBytes((BLOCK - bytes % BLOCK) % BLOCK);
            }
        } catch (EOFException e) {
            throw new IOException(archive.getFileName() + " is cut short", e);
        }
    }

    /// Writes what is packed to one file: an archive that is read in place.
    ///
    /// @param mostBytes limit on the file
    /// @throws IOException if the archive is cut short or holds more
    static void decompress(Path packed, Path file, long mostBytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(packed)), 1 << 16);
                OutputStream out = Files.newOutputStream(file)) {
            long left = mostBytes;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                left -= count;
                if (left < 0) {
                    throw new IOException(packed.getFileName() + " holds more than " + mostBytes + " bytes");
                }
                out.write(buffer, 0, count);
            }
        } catch (EOFException e) {
            throw new IOException(packed.getFileName() + " is cut short", e);
        }
    }

    private static void copy(InputStream in, Path file, long bytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (var out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("the archive ends in the middle of " + file.getFileName());
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private static String lastName(byte[] header) throws IOException {
        String path = text(header, 0, 100);
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.matches("[\\w.+-]+") || name.matches("\\.+")) {
            throw new IOException("an archive with a file named '" + Messages.printable(name) + "'");
        }
        return name;
    }

    private static long octal(byte[] header, int at, int length) throws IOException {
        String digits = text(header, at, length).strip();
        if (!digits.matches("[0-7]{1,11}")) {
            throw new IOException("no tar archive: a header without a size");
        }
        return Long.parseLong(digits, 8);
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
