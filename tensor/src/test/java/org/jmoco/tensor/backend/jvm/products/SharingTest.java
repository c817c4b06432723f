package org.jmoco.tensor.backend.jvm.products;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SharingTest {
    /// Every tile is in one task, and no task is empty.
    private static void check(Sharing sharing) {
        int[][] tasks = new int[sharing.blocks()][sharing.panels()];
        for (int task = 0; task < sharing.tasks(); task++) {
            assertTrue(sharing.firstPanel(task) < sharing.endPanel(task), sharing + ", task " + task);
            for (int panel = sharing.firstPanel(task); panel < sharing.endPanel(task); panel++) {
                tasks[sharing.block(task)][panel]++;
            }
        }
        for (int[] block : tasks) {
            for (int count : block) {
                assertEquals(1, count, sharing::toString);
            }
        }
    }

    @Test
    void everyTileIsInOneTask() {
        for (int blocks = 1; blocks < 8; blocks++) {
            for (int panels = 1; panels < 13; panels++) {
                for (int shares = 1; shares < 6; shares++) {
                    check(Sharing.ofBlocks(blocks, panels, shares));
                    check(Sharing.ofPanels(blocks, panels, shares));
                }
            }
        }
    }

    @Test
    void theLastBlockOfAShareIsCut() {
        Sharing sharing = Sharing.ofPanels(3, 16, 2);
        assertEquals(2 * (2 + 4), sharing.tasks());
        assertEquals(0, sharing.firstPanel(1));
        assertEquals(8, sharing.endPanel(1));
        assertEquals(2, sharing.block(2));
        assertEquals(2, sharing.endPanel(2));
        assertEquals(8, sharing.firstPanel(6));
    }
}
