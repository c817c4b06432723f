package org.jmoco.nn.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;

/// A `.pkl` as detectron2's model zoo has it: a pickled dict of numpy arrays.
public final class DetectronPickle {
    private DetectronPickle() {}

    /// Writes arrays under detectron2's names.
    ///
    /// @param heuristics whether detectron2 is to look for names that only end alike, as for a backbone alone
    public static void write(Path target, Map<String, ArrayData> theirs, boolean heuristics) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("__author__", "jmoco");
        if (heuristics) {
            facts.put("matching_heuristics", true);
        }
        byte[] pickle = NumpyPickle.write(theirs, facts);
        AtomicFile.write(target, channel -> AtomicFile.append(channel, MemorySegment.ofArray(pickle)));
    }
}
