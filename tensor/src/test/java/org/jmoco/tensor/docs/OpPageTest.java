package org.jmoco.tensor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class OpPageTest {
    @Test
    void thePageOfOpsIsWhatTheSourcesSay() throws IOException {
        assertEquals(
                OpPage.text(),
                Files.readString(OpPage.PAGE),
                "docs/ops.md is behind the sources; docs/add-an-op.md says how it is made");
    }

    @Test
    void everyOpHasBothKernels() throws IOException {
        assertFalse(OpPage.text().contains("| missing |"), OpPage.text());
    }
}
