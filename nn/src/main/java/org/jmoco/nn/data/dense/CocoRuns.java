package org.jmoco.nn.data.dense;

import it.unimi.dsi.fastutil.ints.IntArrayList;

/// The text form of COCO's run lengths (`maskApi.c`, `rleToString`): from the fourth run on its difference from
/// the run two before; five bits a character, lowest first, plus 48; bit 5 says that more follow, bit 4 of the
/// last is the sign.
public final class CocoRuns {
    private CocoRuns() {}

    /// The text of runs.
    public static String text(int[] runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.length; i++) {
            long rest = i > 2 ? (long) runs[i] - runs[i - 2] : runs[i];
            boolean more = true;
            while (more) {
                int bits = (int) (rest & 0x1F);
                rest >>= 5;
                more = (bits & 0x10) != 0 ? rest != -1 : rest != 0;
                text.append((char) (48 + (more ? bits | 0x20 : bits)));
            }
        }
        return text.toString();
    }

    /// The runs in a text.
    ///
    /// @throws IllegalArgumentException if it is no such text, or a run is negative
    public static int[] parse(String text) {
        IntArrayList runs = new IntArrayList();
        int at = 0;
        while (at < text.length()) {
            long value = 0;
            int shift = 0;
            boolean more = true;
            while (more) {
                int bits = at < text.length() ? text.charAt(at++) - 48 : -1;
                if (bits < 0 || bits > 0x3F || shift > 30) {
                    throw new IllegalArgumentException("run lengths end too early or have a wrong character");
                }
                value |= (long) (bits & 0x1F) << shift;
                shift += 5;
                more = (bits & 0x20) != 0;
                if (!more && (bits & 0x10) != 0) {
                    value |= -1L << shift;
                }
            }
            int n = runs.size();
            value += n > 2 ? runs.getInt(n - 2) : 0;
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a run of " + value + " pixels");
            }
            runs.add((int) value);
        }
        return runs.toIntArray();
    }
}
