package org.jmoco.nn.weights.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jmoco.tensor.io.AtomicFile;

/// Writes a zip file of stored entries whose payloads begin at multiples of 64 bytes, as PyTorch
/// does, so that they can be mapped. Zip64 records appear only where 32 bits do not suffice. No
/// times are written.
final class StoredZipWriter {
    private static final int ALIGNMENT = 64;
    private static final long MAX32 = 0xffff_ffffL;
    private static final short VERSION = 45; // zip64
    private static final short UTF8 = 0x800;
    private static final int DOS_EPOCH = 0x0021_0000; // 1 January 1980, midnight
    private static final short PADDING_EXTRA = 0x4246; // "FB"
    private static final short ZIP64_EXTRA = 1;

    private final FileChannel channel;
    private final long zip64From;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long position;
    private long entries;

    StoredZipWriter(FileChannel channel) {
        this(channel, MAX32);
    }

    /// @param zip64From sizes and offsets from here on go into zip64 records; tests set it low
    StoredZipWriter(FileChannel channel, long zip64From) {
        this.channel = channel;
        this.zip64From = zip64From;
    }

    private int in32(long value) {
        return (int) (value >= zip64From ? MAX32 : value);
    }

    void add(String name, MemorySegment content) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        long size = content.byteSize();
        int crc = StoredZip.crc(content);
        long header = position;
        int zip64 = size >= zip64From ? 20 : 0;
        int fixed = 30 + path.length + zip64 + 4;
        int padding = (int) Math.floorMod(-(header + fixed), (long) ALIGNMENT);

        ByteBuffer local = little(fixed + padding);
        local.putInt(0x04034b50)
                .putShort(VERSION)
                .putShort(UTF8)
                .putShort((short) 0)
                .putInt(DOS_EPOCH)
                .putInt(crc);
        local.putInt(in32(size)).putInt(in32(size));
        local.putShort((short) path.length)
                .putShort((short) (zip64 + 4 + padding))
                .put(path);
        if (zip64 > 0) {
            local.putShort(ZIP64_EXTRA).putShort((short) 16).putLong(size).putLong(size);
        }
        local.putShort(PADDING_EXTRA).putShort((short) padding);
        while (local.hasRemaining()) {
            local.put((byte) 'Z');
        }
        append(MemorySegment.ofArray(local.array()));
        append(content);
        addToDirectory(path, header, size, crc);
    }

    private void addToDirectory(byte[] path, long header, long size, int crc) {
        int values = (size >= zip64From ? 16 : 0) + (header >= zip64From ? 8 : 0);
        int extra = values == 0 ? 0 : 4 + values;
        ByteBuffer central = little(46 + path.length + extra);
        central.putInt(0x02014b50)
                .putShort(VERSION)
                .putShort(VERSION)
                .putShort(UTF8)
                .putShort((short) 0);
        central.putInt(DOS_EPOCH).putInt(crc).putInt(in32(size)).putInt(in32(size));
        central.putShort((short) path.length).putShort((short) extra);
        central.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0); // comment, disk, attributes
        central.putInt(in32(header)).put(path);
        if (extra > 0) {
            central.putShort(ZIP64_EXTRA).putShort((short) values);
            if (size >= zip64From) {
                central.putLong(size).putLong(size);
            }
            if (header >= zip64From) {
                central.putLong(header);
            }
        }
        directory.writeBytes(central.array());
        entries++;
    }

    /// Writes the directory.
    void finish() throws IOException {
        long start = position;
        long size = directory.size();
        append(MemorySegment.ofArray(directory.toByteArray()));
        boolean zip64 = start >= zip64From || entries >= 0xffff;
        if (zip64) {
            ByteBuffer end64 = little(56 + 20);
            end64.putInt(0x06064b50)
                    .putLong(44)
                    .putShort(VERSION)
                    .putShort(VERSION)
                    .putInt(0)
                    .putInt(0);
            end64.putLong(entries).putLong(entries).putLong(size).putLong(start);
            end64.putInt(0x07064b50).putInt(0).putLong(start + size).putInt(1);
            append(MemorySegment.ofArray(end64.array()));
        }
        ByteBuffer end = little(22);
        short shown = (short) Math.min(entries, 0xffff);
        end.putInt(0x06054b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(shown)
                .putShort(shown);
        end.putInt((int) size).putInt(in32(start)).putShort((short) 0);
        append(MemorySegment.ofArray(end.array()));
    }

    private void append(MemorySegment bytes) throws IOException {
        AtomicFile.append(channel, bytes);
        position += bytes.byteSize();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
