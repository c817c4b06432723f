package org.jmoco.eval.linear;

import java.util.Map;
import java.util.Optional;
import org.jmoco.tensor.io.ArrayData;

/// What a classifier made of the test images.
///
/// @param labels     `[n]`, their classes
/// @param predictions `[n]`, the class of the highest score, the first of equals
/// @param inTop5     `[n]`, whether the class is among the five (or all, if there are fewer) of the highest scores
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record Score(int[] labels, int[] predictions, boolean[] inTop5) {
    /// Images classified rightly, in percent.
    public double top1() {
        int right = 0;
        for (boolean correct : correct()) {
            right += correct ? 1 : 0;
        }
        return 100.0 * right / labels.length;
    }

    /// Images whose class is among the first five, in percent.
    public double top5() {
        int right = 0;
        for (boolean in : inTop5) {
            right += in ? 1 : 0;
        }
        return 100.0 * right / labels.length;
    }

    /// `[n]`, whether an image was classified rightly.
    public boolean[] correct() {
        boolean[] correct = new boolean[labels.length];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = predictions[i] == labels[i];
        }
        return correct;
    }

    /// As arrays, `PREFIXlabels`, `PREFIXpredictions`, `PREFIXinTop5`.
    public Map<String, ArrayData> toArrays(String prefix) {
        byte[] in = new byte[inTop5.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = (byte) (inTop5[i] ? 1 : 0);
        }
        return Map.of(
                prefix + "labels",
                ArrayData.ofInts(labels),
                prefix + "predictions",
                ArrayData.ofInts(predictions),
                prefix + "inTop5",
                ArrayData.ofBytes(in));
    }

    /// What [#toArrays] made; empty if it is not there.
    public static Optional<Score> of(Map<String, ArrayData> arrays, String prefix) {
        if (!arrays.containsKey(prefix + "labels")) {
            return Optional.empty();
        }
        int[] in = arrays.get(prefix + "inTop5").toIntArray();
        boolean[] inTop5 = new boolean[in.length];
        for (int i = 0; i < in.length; i++) {
            inTop5[i] = in[i] != 0;
        }
        return Optional.of(new Score(
                arrays.get(prefix + "labels").toIntArray(),
                arrays.get(prefix + "predictions").toIntArray(),
                inTop5));
    }
}
