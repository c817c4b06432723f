package org.jmoco.nn.data.dense;

import java.util.Arrays;

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
        return parse(text.toCharArray(), 0, text.length());
    }

    /// The same of a text that lies in an array, as a parser of JSON has it.
    ///
    /// @param from where it begins   @param length its characters
    public static int[] parse(char[] text, int from, int length) {
        int[] runs = new int[length]; // a character a run at least
        int n = 0;
        int at = from;
        int end = from + length;
        while (at < end) {
            long value = 0;
            int shift = 0;
            boolean more = true;
            while (more) {
                int bits = at < end ? text[at++] - 48 : -1;
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
            value += n > 2 ? runs[n - 2] : 0;
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a run of " + value + " pixels");
            }
            runs[n++] = (int) value;
        }
        return Arrays.copyOf(runs, n);
    }
}
