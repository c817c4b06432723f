package org.jmoco.eval.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmoco.eval.segment.SlideWindows.Window;
import org.junit.jupiter.api.Test;

class SlideWindowsTest {
    /// MMSegmentation's on Cityscapes.
    @Test
    void eightWindowsOfWhichTheLastArePushedBack() {
        List<Window> windows = SlideWindows.of(1025, 2049, 769, 513);
        assertEquals(8, windows.size());
        assertEquals(
                List.of(0, 513, 1026, 1280),
                windows.stream().limit(4).map(Window::left).toList());
        assertEquals(new Window(256, 1280, 769, 769), windows.getLast());
    }

    @Test
    void aSmallImageIsOneWindow() {
        assertEquals(List.of(new Window(0, 0, 5, 8)), SlideWindows.of(5, 8, 8, 3));
        assertEquals(List.of(new Window(0, 0, 8, 8), new Window(0, 1, 8, 8)), SlideWindows.of(8, 9, 8, 3));
    }

    @Test
    void gapsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SlideWindows.of(20, 20, 8, 9));
    }
}
