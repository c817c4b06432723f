package org.jmoco.tensor.backend.jvm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorSupportTest {
    /// As JDK 25 describes itself with these flags.
    @Test
    void aJvmWithoutItsOptimizerIsWarnedOf() {
        assertEquals(Optional.empty(), VectorSupport.withoutOptimizer("mixed mode, sharing"));
        assertTrue(VectorSupport.withoutOptimizer("mixed mode, emulated-client, sharing")
                .orElseThrow()
                .endsWith("start java without -XX:TieredStopAtLevel=1"));
        assertTrue(VectorSupport.withoutOptimizer("interpreted mode, sharing")
                .orElseThrow()
                .endsWith("start java without -Xint"));
    }
}
