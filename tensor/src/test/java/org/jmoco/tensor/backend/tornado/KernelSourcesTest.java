package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSourcesTest {
    @Test
    void everyDriversKernelsAreToldApart() {
        String cl = "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n__kernel void %s(__global long *k)\n{\n}\n";
        String cuda = "#include <cuda_fp16.h>\nextern \"C\" __global__ void %s(long *k)\n{\n}\n";
        String ptx = ".version 7.6\n.target sm_86\n.visible .entry s0_t0_%s_float(.param .u64 k) {\n}\n";
        for (String form : List.of(cl, cuda, ptx)) {
            String printed = form.formatted("perRow") + form.formatted("idle") + form.formatted("perTile");
            List<String> kernels = KernelSources.split(printed);
            assertEquals(2, kernels.size(), printed);
            assertEquals(form.formatted("perTile").replaceFirst("#.*\n", "").strip(), kernels.get(1));
        }
        assertEquals(List.of(), KernelSources.split(""));
    }
}
