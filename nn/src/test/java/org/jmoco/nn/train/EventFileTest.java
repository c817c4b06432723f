package org.jmoco.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads event files back with nothing but the published schema: record framing of
/// `tensorflow/core/lib/io/record_writer`, field numbers of `event.proto` and `summary.proto`.
class EventFileTest {
    @TempDir
    private Path folder;

    @Test
    void everyKindOfValueIsReadBackByTheSchema() throws IOException {
        try (EventFile events = EventFile.begin(folder, 1_700_000_000.5, 0)) {
            events.scalar(1_700_000_001, 3, "train/loss", 2.5);
            events.histogram(1_700_000_002, 4, "features", 0f, 0f, 1f, 3f, Float.NaN);
            byte[] png = PngWriter.encode(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6}));
            events.image(1_700_000_003, 5, "views", 1, 2, png);
        }
        List<Fields> records = records();
        assertEquals(4, records.size());
        assertEquals("brain.Event:2", records.get(0).text(3));
        assertEquals(1_700_000_000.5, records.get(0).float64(1));

        Fields loss = records.get(1).message(5).message(1);
        assertEquals(3, records.get(1).integer(2));
        assertEquals("train/loss", loss.text(1));
        assertEquals(2.5f, loss.float32(2));

        Fields histogram = records.get(2).message(5).message(1).message(5);
        assertEquals(0, histogram.float64(1));
        assertEquals(3, histogram.float64(2));
        assertEquals(4, histogram.float64(3));
        assertEquals(4, histogram.float64(4));
        assertEquals(10, histogram.float64(5));
        double[] limits = histogram.doubles(6);
        double[] counts = histogram.doubles(7);
        assertEquals(limits.length, counts.length);
        assertEquals(3, limits[limits.length - 1]);
        assertArrayEquals(
                new double[] {2, 1, 1},
                java.util.Arrays.stream(counts).filter(c -> c > 0).toArray());

        Fields image = records.get(3).message(5).message(1).message(4);
        assertEquals(1, image.integer(1));
        assertEquals(2, image.integer(2));
        assertEquals(3, image.integer(3));
        assertEquals("PNG", image.text(4).substring(1, 4));
    }

    @Test
    void aResumedRunTellsWhereItGoesOn() throws IOException {
        try (EventFile events = EventFile.begin(folder, 1, 60)) {
            events.scalar(2, 61, "loss", 1);
        }
        List<Fields> records = records();
        assertEquals(60, records.get(1).integer(2));
        assertEquals(1, records.get(1).message(7).integer(1)); // SessionLog.START
    }

    @Test
    void theChecksumIsMaskedAsTensorFlowDoes() {
        // CRC-32C of "123456789" is 0xe3069283 (RFC 3720); masked: ((crc >>> 15) | (crc << 17)) + 0xa282ead8.
        int crc = 0xe3069283;
        assertEquals(
                (crc >>> 15 | crc << 17) + 0xa282ead8,
                EventFile.maskedCrc("123456789".getBytes(StandardCharsets.UTF_8), 0, 9));
    }

    private List<Fields> records() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        assertTrue(file.getFileName().toString().contains("tfevents"), file.toString());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Fields> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertEquals(EventFile.maskedCrc(length, 0, 8), bytes.getInt());
            byte[] payload = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(payload);
            assertEquals(EventFile.maskedCrc(payload, 0, payload.length), bytes.getInt());
            records.add(Fields.of(payload));
        }
        return records;
    }

    /// A protobuf message by field number; the wire format only.
    private record Fields(Map<Integer, byte[]> values) {
        static Fields of(byte[] message) {
            ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            Map<Integer, byte[]> values = new LinkedHashMap<>();
            while (in.hasRemaining()) {
                long tag = varint(in);
                byte[] value = switch ((int) (tag & 7)) {
                    case 0 ->
                        ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(varint(in))
                                .array();
                    case 1 -> take(in, 8);
                    case 2 -> take(in, (int) varint(in));
                    case 5 -> take(in, 4);
                    default -> throw new AssertionError("wire type " + (tag & 7));
                };
                values.put((int) (tag >>> 3), value);
            }
            return new Fields(values);
        }

        private static byte[] take(ByteBuffer in, int count) {
            byte[] bytes = new byte[count];
            in.get(bytes);
            return bytes;
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = in.get();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        private ByteBuffer raw(int field) {
            return ByteBuffer.wrap(values.get(field)).order(ByteOrder.LITTLE_ENDIAN);
        }

        long integer(int field) {
            return raw(field).getLong();
        }

        float float32(int field) {
            return raw(field).getFloat();
        }

        double float64(int field) {
            return raw(field).getDouble();
        }

        double[] doubles(int field) {
            double[] doubles = new double[values.get(field).length / 8];
            raw(field).asDoubleBuffer().get(doubles);
            return doubles;
        }

        String text(int field) {
            return new String(values.get(field), StandardCharsets.ISO_8859_1);
        }

        Fields message(int field) {
            return of(values.get(field));
        }
    }
}
