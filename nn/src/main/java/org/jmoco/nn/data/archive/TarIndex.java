package org.jmoco.nn.data.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files in a tar archive, in its order.
///
/// @param names   with `/` between folders, those in an archive `a.tar` within the archive below `a`
/// @param offsets where their bytes begin; the block before is their header
/// @param lengths of their bytes
/// @param headers CRC-32 sums of their headers, which tell whether they still lie there
/// @param classes of images whose class lies beside them, see [SampleClasses]; null where there is none
@SuppressWarnings("ArrayRecordComponent") // a carrier of columns, never compared
record TarIndex(String[] names, long[] offsets, long[] lengths, int[] headers, String[] classes) {
    int files() {
        return names.length;
    }

    /// Whether any image has its class beside it.
    boolean hasClasses() {
        for (String one : classes) {
            if (one != null) {
                return true;
            }
        }
        return false;
    }

    /// Adds up files one by one.
    static final class Builder {
        private record Row(String name, long offset, long length, int header) {}

        private final List<Row> rows = new ArrayList<>();
        private final Map<String, String> classes = new HashMap<>();

        void add(String name, long offset, long length, int header) {
            rows.add(new Row(name, offset, length, header));
        }

        int files() {
            return rows.size();
        }

        void addAll(Builder other) {
            rows.addAll(other.rows);
        }

        /// Says what class an image has.
        void classOf(String name, String said) {
            classes.put(name, said);
        }

        TarIndex build() {
            int n = rows.size();
            TarIndex index = new TarIndex(new String[n], new long[n], new long[n], new int[n], new String[n]);
            for (int i = 0; i < n; i++) {
                Row row = rows.get(i);
                index.names[i] = row.name;
                index.offsets[i] = row.offset;
                index.lengths[i] = row.length;
                index.headers[i] = row.header;
                index.classes[i] = classes.get(row.name);
            }
            return index;
        }
    }
}
