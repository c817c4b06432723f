package org.jmoco.tensor.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One message in the protocol-buffer wire format, as ONNX and TensorBoard files hold them. Large payloads are
/// referred to, not copied.
public final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final List<MemorySegment> parts = new ArrayList<>();
    private long size;

    public ProtoMessage integer(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    public ProtoMessage float32(int field, float value) {
        tag(field, FIXED32);
        return add(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
    }

    public ProtoMessage float64(int field, double value) {
        tag(field, FIXED64);
        return add(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
    }

    /// A repeated field of doubles in one piece.
    public ProtoMessage packed(int field, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : values) {
            bytes.putDouble(v);
        }
        return bytes(field, MemorySegment.ofArray(bytes.array()));
    }

    public ProtoMessage string(int field, String value) {
        return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
    }

    public ProtoMessage bytes(int field, MemorySegment value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.byteSize());
        return add(value);
    }

    public ProtoMessage message(int field, ProtoMessage value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.size);
        parts.addAll(value.parts);
        size += value.size;
        return this;
    }

    public void writeTo(FileChannel channel) throws IOException {
        for (MemorySegment part : parts) {
            AtomicFile.append(channel, part);
        }
    }

    /// The message's bytes.
    public byte[] toByteArray() {
        byte[] bytes = new byte[Math.toIntExact(size)];
        int at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, MemorySegment.ofArray(bytes), at, part.byteSize());
            at += (int) part.byteSize();
        }
        return bytes;
    }

    private void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void varint(long value) {
        byte[] bytes = new byte[10];
        int n = 0;
        for (long rest = value; ; rest >>>= 7) {
            boolean last = rest >>> 7 == 0;
            bytes[n++] = (byte) (rest & 0x7f | (last ? 0 : 0x80));
            if (last) {
                break;
            }
        }
        add(java.util.Arrays.copyOf(bytes, n));
    }

    private ProtoMessage add(byte[] bytes) {
        return add(MemorySegment.ofArray(bytes));
    }

    private ProtoMessage add(MemorySegment bytes) {
        parts.add(bytes);
        size += bytes.byteSize();
        return this;
    }
}
