package org.jmoco.nn.data.image;

import java.util.Locale;
import java.util.Optional;

/// The file formats read here, told apart by their first bytes, never by the file's name.
public enum ImageFormat {
    JPEG,
    PNG,
    BMP;

    /// The format whose signature the file starts with, if any.
    public static Optional<ImageFormat> of(byte[] file) {
        if (startsWith(file, 0xFF, 0xD8, 0xFF)) {
            return Optional.of(JPEG);
        }
        if (startsWith(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return Optional.of(PNG);
        }
        return startsWith(file, 'B', 'M') ? Optional.of(BMP) : Optional.empty();
    }

    /// The format that the file name's extension promises, if it is one of ours.
    public static Optional<ImageFormat> ofName(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "jpg", "jpeg", "jpe", "jfif" -> Optional.of(JPEG);
            case "png", "apng" -> Optional.of(PNG);
            case "bmp", "dib" -> Optional.of(BMP);
            default -> Optional.empty();
        };
    }

    private static boolean startsWith(byte[] file, int... signature) {
        if (file.length < signature.length) {
            return false;
        }
        for (int i = 0; i < signature.length; i++) {
            if ((file[i] & 0xFF) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
