package org.jmoco.nn.data.tool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jmoco.tensor.io.Messages;

/// Unpacks zip archives of data sets, with their folders.
final class Unzip {
    private Unzip() {}

    /// Writes the files of an archive below a folder. A name of other than letters, digits, `_ . + -` between
    /// slashes, or with a part of dots alone, is refused, so nothing can land elsewhere.
    ///
    /// @param mostBytes limit on what all files together may have
    /// @throws IOException if the archive is cut short, is none, or holds more
    static void unpack(Path archive, Path folder, long mostBytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = mostBytes;
        int files = 0;
        try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 16))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                if (!name.matches("([\\w.+-]+/)*[\\w.+-]*")
                        || name.matches("(.*/)?\\.+(/.*)?")
                        || name.length() > 1000) {
                    throw new IOException("an archive with a file named '" + Messages.printable(name) + "'");
                }
                if (entry.isDirectory()) {
                    continue;
                }
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                try (OutputStream out = Files.newOutputStream(file)) {
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        left -= count;
                        if (left < 0) {
                            throw new IOException(archive.getFileName() + " holds more than " + mostBytes + " bytes");
                        }
                        out.write(buffer, 0, count);
                    }
                }
                files++;
            }
        }
        if (files == 0) {
            throw new IOException(archive.getFileName() + " is no zip archive, or an empty one");
        }
    }
}
