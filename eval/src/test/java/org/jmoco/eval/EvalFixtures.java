package org.jmoco.eval;

import java.nio.file.Path;
import org.jmoco.tensor.io.SafeTensors;

/// The files that the scripts in `src/test/fixtures` made.
public final class EvalFixtures {
    private EvalFixtures() {}

    public static Path path(String name) {
        return Path.of("src/test/resources/org/jmoco/eval").resolve(name);
    }

    public static SafeTensors tensors(String name) {
        return SafeTensors.read(path(name));
    }
}
