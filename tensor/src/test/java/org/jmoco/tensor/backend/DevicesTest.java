package org.jmoco.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmoco.tensor.TestDevices;
import org.junit.jupiter.api.Test;

class DevicesTest {
    @Test
    void theJvmIsAlwaysThereAndEveryOtherLineSaysWhatOrWhy() {
        assertEquals("jvm", Devices.list().getFirst().name());
        assertTrue(Devices.list().size() >= 2);
        Devices.list().forEach(d -> assertTrue(!d.description().isEmpty(), d.name()));
    }

    @Test
    void withoutANameTheBestAvailableIsOpenedWithAReason() {
        Devices.Listed second = Devices.list().get(1);
        Devices.Choice choice = Devices.open(null);
        assertEquals(
                second.available() ? "tornado" : "jvm",
                choice.device().backend().name());
        String reason = second.available() ? "TornadoVM sees" : "tornado is not available: " + second.description();
        assertTrue(choice.reason().contains(reason), choice.reason());
        choice.device().close();
    }

    @Test
    void askedForTornadoIsTakenEvenIfItIsTheProcessor() {
        TestDevices.requireSdk();
        Devices.Choice choice = Devices.open("tornado");
        assertEquals("tornado", choice.device().backend().name());
        assertEquals("asked for", choice.reason());
        choice.device().close();
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : new String[] {"gpu", "tornado:0", "tornado:a:b", "tornado:9:9"}) {
            assertThrows(IllegalArgumentException.class, () -> Devices.open(name), name);
        }
    }
}
