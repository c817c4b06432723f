package org.jmoco.tensor.backend.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What TornadoVM has generated: OpenCL C, PTX or CUDA C. It prints kernels in the order in which they are compiled.
final class KernelSources {
    private static final Pattern BEGIN =
            Pattern.compile("(?=__kernel void |\\.version |extern \"C\" __global__ void )");

    private static final Pattern PREPROCESSOR = Pattern.compile("^#(pragma|include)[^\n]*\n?", Pattern.MULTILINE);

    /// What the launch of a graph that holds nothing runs; it is no kernel of an op.
    private static final Pattern IDLE = Pattern.compile("(void |\\.entry \\S*_)idle(?![A-Za-z0-9])");

    private KernelSources() {}

    /// The kernels in a file to which they were printed.
    static List<String> read(Path printed) {
        try {
            return split(Files.readString(printed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> split(String printed) {
        List<String> kernels = new ArrayList<>();
        for (String part : BEGIN.split(printed)) {
            if (BEGIN.matcher(part).lookingAt() && !IDLE.matcher(part).find()) {
                kernels.add(PREPROCESSOR.matcher(part).replaceAll("").strip());
            }
        }
        return kernels;
    }
}
