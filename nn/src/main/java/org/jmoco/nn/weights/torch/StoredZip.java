package org.jmoco.nn.weights.torch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jmoco.tensor.io.FormatException;

/// A zip file of stored (uncompressed) entries, as views of its bytes. Sizes come from the central
/// directory: the local headers of `torch.save` leave them zero. Zip64 is understood.
final class StoredZip {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR_BYTES = 20;
    private static final int MAX_COMMENT = 65_535;
    private static final int ZIP64_EXTRA = 1;
    private static final int ENCRYPTED = 1;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /// @param header where the local header begins
    record Entry(String name, long header, long size, int crc, int method, int flags) {}

    private StoredZip(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    static boolean matches(MemorySegment file) {
        return file.byteSize() >= 4 && (file.get(I32, 0) == LOCAL || file.get(I32, 0) == END);
    }

    /// @throws FormatException if the directory is truncated, malformed or names an entry twice
    static StoredZip parse(String file, MemorySegment bytes) {
        StoredZip zip = new StoredZip(file, bytes);
        zip.readDirectory();
        return zip;
    }

    Map<String, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /// The bytes of an entry, whose checksum is verified.
    ///
    /// @throws FormatException if there is no such entry, it is compressed, truncated or damaged
    MemorySegment content(String name) {
        Entry e = entries.get(name);
        if (e == null) {
            throw refused("no zip entry " + FormatException.quote(name));
        }
        if (e.method != 0 || (e.flags & ENCRYPTED) != 0) {
            throw refused("zip entry "
                    + FormatException.quote(name)
                    + " is compressed or encrypted; torch.save stores entries as they are");
        }
        if (e.header > bytes.byteSize() - LOCAL_BYTES || bytes.get(I32, e.header) != LOCAL) {
            throw refused("zip entry " + FormatException.quote(name) + " has no local header");
        }
        long start = e.header + LOCAL_BYTES + u16(e.header + 26) + u16(e.header + 28);
        if (start > bytes.byteSize() || e.size > bytes.byteSize() - start) {
            throw refused("zip entry " + FormatException.quote(name) + " leaves the file");
        }
        MemorySegment content = bytes.asSlice(start, e.size);
        if (e.crc != 0 && crc(content) != e.crc) { // newer writers may leave it zero
            throw refused("zip entry " + FormatException.quote(name) + " is damaged: its checksum differs");
        }
        return content;
    }

    static int crc(MemorySegment content) {
        CRC32 crc = new CRC32();
        long chunk = 1 << 30;
        for (long at = 0; at < content.byteSize(); at += chunk) {
            crc.update(content.asSlice(at, Math.min(chunk, content.byteSize() - at))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private void readDirectory() {
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long start = u32(end + 16);
        long locator = end - LOCATOR_BYTES;
        if (locator >= 0 && bytes.get(I32, locator) == END64_LOCATOR) {
            long end64 = bytes.get(I64, locator + 8);
            if (end64 < 0 || end64 > locator - END64_BYTES || bytes.get(I32, end64) != END64) {
                throw refused("the zip64 directory is malformed");
            }
            count = bytes.get(I64, end64 + 32);
            size = bytes.get(I64, end64 + 40);
            start = bytes.get(I64, end64 + 48);
        }
        if (start < 0 || size < 0 || start > end || size > end - start || count < 0 || count > size / CENTRAL_BYTES) {
            throw refused("the zip directory is malformed");
        }
        long at = start;
        for (long i = 0; i < count; i++) {
            at = readEntry(at, start + size);
        }
    }

    /// Searches backwards, since a comment may follow.
    private long findEnd() {
        long last = bytes.byteSize() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
            if (bytes.get(I32, at) == END && at + END_BYTES + u16(at + 20) == bytes.byteSize()) {
                return at;
            }
        }
        throw refused("the zip directory is missing; is the file truncated?");
    }

    private long readEntry(long at, long limit) {
        if (at > limit - CENTRAL_BYTES || bytes.get(I32, at) != CENTRAL) {
            throw refused("the zip directory is malformed");
        }
        int nameBytes = u16(at + 28);
        int extraBytes = u16(at + 30);
        long next = at + CENTRAL_BYTES + nameBytes + extraBytes + u16(at + 32);
        if (next > limit) {
            throw refused("the zip directory is malformed");
        }
        byte[] name = bytes.asSlice(at + CENTRAL_BYTES, nameBytes).toArray(JAVA_BYTE);
        Entry e = entry(new String(name, StandardCharsets.UTF_8), at, at + CENTRAL_BYTES + nameBytes, extraBytes);
        if (entries.put(e.name, e) != null) {
            throw refused("two zip entries " + FormatException.quote(e.name));
        }
        return next;
    }

    private Entry entry(String name, long at, long extra, int extraBytes) {
        long packed = u32(at + 20);
        long size = u32(at + 24);
        long header = u32(at + 42);
        for (long f = extra; f + 4 <= extra + extraBytes; f += 4 + u16(f + 2)) {
            if (u16(f) == ZIP64_EXTRA) {
                long value = f + 4;
                long end = Math.min(extra + extraBytes, value + u16(f + 2));
                // The extra field holds only those values that do not fit in 32 bits, in this
                // order.
                if (size == 0xffff_ffffL) {
                    size = i64(value, end);
                    value += 8;
                }
                if (packed == 0xffff_ffffL) {
                    packed = i64(value, end);
                    value += 8;
                }
                if (header == 0xffff_ffffL) {
                    header = i64(value, end);
                }
            }
        }
        int method = u16(at + 10);
        if (size < 0 || header < 0 || method == 0 && packed != size) {
            throw refused("zip entry " + FormatException.quote(name) + " has impossible sizes");
        }
        return new Entry(name, header, size, bytes.get(I32, at + 16), method, u16(at + 8));
    }

    private long i64(long at, long end) {
        if (at + 8 > end) {
            throw refused("the zip directory is malformed");
        }
        return bytes.get(I64, at);
    }

    private int u16(long at) {
        return bytes.get(I16, at) & 0xffff;
    }

    private long u32(long at) {
        return bytes.get(I32, at) & 0xffff_ffffL;
    }

    private FormatException refused(String problem) {
        return new FormatException(file, problem);
    }
}
