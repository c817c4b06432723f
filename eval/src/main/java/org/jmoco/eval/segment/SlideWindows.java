package org.jmoco.eval.segment;

import java.util.ArrayList;
import java.util.List;

/// The windows through which a large image is seen: `⌈(side − crop)/stride⌉ + 1` an axis, a last one that would
/// reach over the edge pushed back inside (MMSegmentation's `slide_inference`). An image of 1025×2049 has 2×4 of
/// 769 at a stride of 513.
public final class SlideWindows {
    private SlideWindows() {}

    /// A part of an image.
    public record Window(int top, int left, int height, int width) {}

    /// Row by row.
    ///
    /// @param crop   extent of a window, above 0; smaller where the image is
    /// @param stride between windows, above 0 and at most `crop`, so that every pixel is seen
    public static List<Window> of(int height, int width, int crop, int stride) {
        if (stride < 1 || stride > crop) {
            throw new IllegalArgumentException(
                    "sliding windows: the stride must be 1 to the window's extent " + crop + ", got " + stride);
        }
        List<Window> windows = new ArrayList<>();
        for (int top : starts(height, crop, stride)) {
            for (int left : starts(width, crop, stride)) {
                windows.add(new Window(top, left, Math.min(crop, height), Math.min(crop, width)));
            }
        }
        return windows;
    }

    private static List<Integer> starts(int side, int crop, int stride) {
        List<Integer> starts = new ArrayList<>();
        int count = Math.ceilDiv(Math.max(side - crop, 0), stride) + 1;
        for (int i = 0; i < count; i++) {
            starts.add(Math.max(0, Math.min(i * stride, side - crop)));
        }
        return starts;
    }
}
