package org.jmoco.nn.data.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Checksums of files, in hexadecimal.
final class Checksums {
    private Checksums() {}

    static String md5(Path file) throws IOException {
        return of(file, "MD5");
    }

    static String sha256(Path file) throws IOException {
        return of(file, "SHA-256");
    }

    /// Of the concatenation.
    static byte[] sha256(byte[] first, byte[] second) {
        MessageDigest digest = digest("SHA-256");
        digest.update(first);
        return digest.digest(second);
    }

    private static String of(Path file, String algorithm) throws IOException {
        MessageDigest digest = digest(algorithm);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
