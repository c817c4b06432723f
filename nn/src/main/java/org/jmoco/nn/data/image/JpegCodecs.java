package org.jmoco.nn.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// The choice of the JPEG decoder, made once per process.
///
/// The system's libjpeg-turbo is used where it is found and gives, on the bundled test images, exactly the pixels
/// of the JDK's decoder; else the JDK's. The property `jmoco.turbojpeg` names the library's file, or is `off`.
public final class JpegCodecs {
    private static final String[] SELF_CHECK = {
        "baseline-420.jpg", "progressive-420.jpg", "baseline-422.jpg", "progressive-444.jpg", "gray.jpg"
    };

    private static final Choice CHOICE = choose();

    private record Choice(Optional<TurboJpeg> turbo, String reason) {}

    private JpegCodecs() {}

    /// Which decoder is in use, and why, in one line.
    public static String description() {
        return CHOICE.reason;
    }

    /// Whether the system's libjpeg-turbo is in use.
    public static boolean usesTurbo() {
        return CHOICE.turbo.isPresent();
    }

    static RgbImage decode(byte[] file, JpegHeader header) throws CorruptImageException {
        boolean cmyk = header.components() == 4;
        if (CHOICE.turbo.isPresent() && !cmyk) {
            // Nothing is returned where the library warns of corrupt data: then the JDK's decoder decides, as it
            // would without it.
            Optional<RgbImage> image = CHOICE.turbo.get().decode(file, header);
            if (image.isPresent()) {
                return image.get();
            }
        }
        return JdkJpeg.decode(file, header);
    }

    private static Choice choose() {
        if ("off".equals(System.getProperty("jmoco.turbojpeg"))) {
            return new Choice(
                    Optional.empty(), "JPEG: the JDK's decoder (libjpeg-turbo switched off by jmoco.turbojpeg)");
        }
        Optional<TurboJpeg> turbo = TurboJpeg.find(System.getProperty("jmoco.turbojpeg"));
        if (turbo.isEmpty()) {
            return new Choice(turbo, "JPEG: the JDK's decoder (no TurboJPEG library found)");
        }
        String library = turbo.get().library();
        for (String name : SELF_CHECK) {
            if (!samePixels(turbo.get(), name)) {
                return new Choice(
                        Optional.empty(),
                        "JPEG: the JDK's decoder (" + library + " gives other pixels on " + name + ")");
            }
        }
        return new Choice(turbo, "JPEG: libjpeg-turbo (" + library + "; pixels equal to the JDK's decoder)");
    }

    private static boolean samePixels(TurboJpeg turbo, String name) {
        try (InputStream in = JpegCodecs.class.getResourceAsStream("selfcheck/" + name)) {
            byte[] file = in.readAllBytes();
            JpegHeader header = JpegHeader.parse(file, ImageDecoder.DEFAULT_MAX_PIXELS);
            Optional<RgbImage> image = turbo.decode(file, header);
            return image.isPresent()
                    && Arrays.equals(
                            image.get().rgb(), JdkJpeg.decode(file, header).rgb());
        } catch (IOException | CorruptImageException e) {
            throw new IllegalStateException("the bundled JPEG " + name + " cannot be decoded", e);
        }
    }
}
