package org.jmoco.tensor.backend.jvm.products;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The committed kernels are what the template writes, and there are no others.
class KernelTemplateTest {
    @Test
    void committedSourcesAreThoseOfTheTemplate() throws IOException {
        for (KernelTemplate kernel : KernelTemplate.ALL) {
            assertEquals(
                    kernel.source(),
                    Files.readString(kernel.file()),
                    () -> kernel.name() + ": change KernelTemplate and run it, not the kernel");
        }
    }

    @Test
    void everyKernelOfThisMachineIsTheTemplates() {
        Set<String> written =
                KernelTemplate.ALL.stream().map(KernelTemplate::name).collect(Collectors.toSet());
        written.add("PlainKernel");
        assertTrue(Arrays.stream(Kernels.best())
                .allMatch(kernel -> written.contains(kernel.getClass().getSimpleName())));
    }
}
