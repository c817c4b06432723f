package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.junit.jupiter.api.Test;

class BundledEncoderTest {
    private static final Path NAMED = Path.of(BundledEncoder.NAME);

    @Test
    void isTheNetworkOfItsCard() throws Exception {
        Weights weights = Weights.read(NAMED);
        assertEquals(Arch.RESNET18, weights.spec().config().arch());
        assertEquals(Stem.CIFAR, weights.spec().config().stem());
        assertEquals(16, weights.spec().config().width());
        byte[] content = BundledEncoder.orFile(NAMED).toArray(ValueLayout.JAVA_BYTE);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        String card = new String(
                BundledEncoder.class.getResourceAsStream("bundled.md").readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(card.contains(sha256), "the card names another file than " + sha256);
        assertTrue(content.length < 3 << 20, content.length + " bytes");
    }

    @Test
    void onlyItsNameStandsForIt() {
        assertTrue(BundledEncoder.isNamed(NAMED));
        assertFalse(BundledEncoder.isNamed(Path.of("bundled.safetensors")));
        assertFalse(BundledEncoder.isNamed(Path.of("there", "bundled")));
        assertThrows(UncheckedIOException.class, () -> BundledEncoder.orFile(Path.of("there", "bundled")));
    }
}
