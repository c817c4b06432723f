package org.jmoco.nn.data.image;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Formats of pictures that are known and not read, so that a message can name them.
public enum OtherFormat {
    WEBP("WebP", "webp"),
    GIF("GIF", "gif"),
    TIFF("TIFF", "tif", "tiff"),
    HEIF("HEIF", "heic", "heif", "hif"),
    AVIF("AVIF", "avif"),
    JPEG_2000("JPEG 2000", "jp2", "j2k", "jpf", "jpx"),
    JPEG_XL("JPEG XL", "jxl"),
    PNM("PNM", "pnm", "ppm", "pgm", "pbm"),
    ICO("ICO", "ico"),
    TGA("TGA", "tga"),
    PCX("PCX", "pcx"),
    PSD("Photoshop", "psd"),
    SVG("SVG", "svg"),
    DICOM("DICOM", "dcm"),
    RAW("raw camera", "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf");

    private static final Map<String, OtherFormat> BY_EXTENSION = new HashMap<>();

    static {
        for (OtherFormat format : values()) {
            format.extensions.forEach(extension -> BY_EXTENSION.put(extension, format));
        }
    }

    private final String words;
    private final List<String> extensions;

    OtherFormat(String words, String... extensions) {
        this.words = words;
        this.extensions = List.of(extensions);
    }

    /// The format that a file's extension promises, if it is one of these.
    public static Optional<OtherFormat> ofName(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(BY_EXTENSION.get(extension));
    }

    /// The format of a file by its first bytes, if it is one of those that are easily told.
    static Optional<OtherFormat> of(byte[] file) {
        String head = new String(file, 0, Math.min(32, file.length), StandardCharsets.ISO_8859_1);
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return Optional.of(WEBP);
        }
        if (head.startsWith("GIF8")) {
            return Optional.of(GIF);
        }
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
            return Optional.of(TIFF);
        }
        if (head.startsWith("ftyp", 4)) {
            return Optional.of(head.startsWith("avi", 8) ? AVIF : HEIF);
        }
        if (head.startsWith("jP  ", 4)) {
            return Optional.of(JPEG_2000);
        }
        if (head.startsWith("\u00FF\n") || head.startsWith("JXL ", 4)) {
            return Optional.of(JPEG_XL);
        }
        return head.startsWith("8BPS") ? Optional.of(PSD) : Optional.empty();
    }

    /// Its usual name, `WebP`.
    @Override
    public String toString() {
        return words;
    }
}
