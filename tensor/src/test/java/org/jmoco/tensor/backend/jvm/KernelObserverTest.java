package org.jmoco.tensor.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.junit.jupiter.api.Test;

class KernelObserverTest {
    @Test
    void seesEveryResultRightAfterItsKernelAndNothingOnceItIsGone() {
        JvmBackend backend = new JvmBackend(2);
        Compiled compiled = new Device(backend)
                .compile(Program.trace(
                        "two steps",
                        p -> p.output("y", p.input("x", Shape.of(2)).exp().log())));
        List<String> seen = new ArrayList<>();
        backend.observe((node, result, nanos) -> {
            seen.add(node.op().name() + " " + result.get(ValueLayout.JAVA_FLOAT, 0) + " " + result.byteSize());
            assertTrue(nanos > 0);
        });
        float y = compiled.feed("x", 0f, 1f).run().floats("y")[0];
        backend.observe(null);
        compiled.run();
        assertEquals(List.of("exp 1.0 8", "log " + y + " 8"), seen);
        backend.close();
    }
}
