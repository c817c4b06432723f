package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class BundledSampleTest {

    @Test
    void isBalancedAndWithoutDoubles() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (InMemoryImages part : new InMemoryImages[] {BundledSample.train(), BundledSample.test()}) {
            int[] counts = new int[10];
            for (int i = 0; i < part.size(); i++) {
                counts[part.label(i)]++;
                seen.add(ByteBuffer.wrap(part.load(i).rgb()));
            }
            int perClass = part.size() / 10;
            assertArrayEquals(
                    java.util.Collections.nCopies(10, perClass).stream()
                            .mapToInt(n -> n)
                            .toArray(),
                    counts);
        }
        assertEquals(5_000, seen.size());
    }

    /// Run with `-Djmoco.cifar10=FOLDER`, the folder of the official binary files.
    @Test
    @EnabledIfSystemProperty(named = "jmoco.cifar10", matches = ".+")
    void hasTheOfficialImages() {
        Path folder = Path.of(System.getProperty("jmoco.cifar10"));
        assertSame(Cifar10.train(folder), BundledSample.train(), 0);
        assertSame(Cifar10.test(folder), BundledSample.test(), 1);
    }

    private static void assertSame(InMemoryImages official, InMemoryImages sample, int part) {
        int perClass = sample.size() / 10;
        for (int label = 0; label < 10; label++) {
            int[] chosen = MakeBundledSample.choose(official, label, part, perClass);
            for (int i = 0; i < perClass; i++) {
                assertArrayEquals(
                        official.load(chosen[i]).rgb(),
                        sample.load(label * perClass + i).rgb());
                assertEquals(label, sample.label(label * perClass + i));
            }
        }
    }
}
