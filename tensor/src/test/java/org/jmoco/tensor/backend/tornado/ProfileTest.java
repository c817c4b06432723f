package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

class ProfileTest {
    @Test
    void everyKindOfDeviceHasAFile() {
        for (String name : List.of("pocl", "gpu", "nvidia")) {
            assertEquals(name, Profile.read(name).name());
        }
        assertEquals(256, Profile.read("nvidia").threads());
        String message = assertThrows(IllegalArgumentException.class, () -> Profile.read("abacus"))
                .getMessage();
        assertEquals("there is no file tornado-config/devices/profile-abacus.properties", message);
    }

    @Test
    void theKindFollowsFromDriverAndName() {
        assertEquals("pocl", Profile.kind("cpu-znver4-AMD EPYC", TornadoVMBackendType.OPENCL, true));
        assertEquals("gpu", Profile.kind("gfx1100", TornadoVMBackendType.OPENCL, false));
        assertEquals("gpu", Profile.kind("Intel(R) Arc(TM) A770 Graphics", TornadoVMBackendType.OPENCL, false));
        assertEquals("nvidia", Profile.kind("NVIDIA H100 80GB HBM3", TornadoVMBackendType.OPENCL, false));
        assertEquals("nvidia", Profile.kind("Quadro P5000", TornadoVMBackendType.OPENCL, false));
        assertEquals("nvidia", Profile.kind("whatever it is called", TornadoVMBackendType.PTX, false));
    }

    @Test
    void onlyGridsThatLeaveTheChoiceAreRegrouped() {
        assertEquals(new Grid(16, 1, 1, 64, 1, true), Grid.threads(1_000).inGroupsOf(64));
        assertEquals(new Grid(1, 1, 1, 1_024, 1, true), Grid.threads(1).inGroupsOf(1_024));
        assertEquals(Grid.groups(3), Grid.groups(3).inGroupsOf(64));
    }

    @Test
    void theDeviceSaysWhichOneItHas() {
        String description = TestDevices.requireSdk().backend().description();
        assertTrue(description.matches(".*, profile (pocl|gpu|nvidia)"), description);
    }
}
