package org.jmoco.nn.weights.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.io.AtomicFile;

/// One message in the protocol-buffer wire format. Large payloads are referred to, not copied.
final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final List<MemorySegment> parts = new ArrayList<>();
    private long size;

    ProtoMessage integer(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    ProtoMessage float32(int field, float value) {
        tag(field, FIXED32);
        return add(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    ProtoMessage string(int field, String value) {
        return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
    }

    ProtoMessage bytes(int field, MemorySegment value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.byteSize());
        return add(value);
    }

    ProtoMessage message(int field, ProtoMessage value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.size);
        parts.addAll(value.parts);
        size += value.size;
        return this;
    }

    void writeTo(FileChannel channel) throws IOException {
        for (MemorySegment part : parts) {
            AtomicFile.append(channel, part);
        }
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
