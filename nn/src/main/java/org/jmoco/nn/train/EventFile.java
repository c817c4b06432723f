package org.jmoco.nn.train;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jmoco.tensor.io.ProtoMessage;

/// A TensorBoard event file: scalars, histograms and pictures over the steps of a run.
///
/// The format is TensorFlow's: records of `length u64, masked CRC-32C of it, payload, masked CRC-32C of that`,
/// each payload a protobuf message `Event` (`tensorflow/core/util/event.proto`, `framework/summary.proto`). A
/// resumed run opens a new file that tells TensorBoard to forget what came after its step.
final class EventFile implements AutoCloseable {
    private static final int BUCKETS = 30;

    // Field numbers of the messages.
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_STATUS = 1;
    private static final int SESSION_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int VALUE_IMAGE = 4;
    private static final int VALUE_HISTOGRAM = 5;

    private final Path file;
    private final FileChannel channel;

    private EventFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Begins a file in `folder`.
    ///
    /// @param seconds   time since 1970
    /// @param firstStep steps done already; TensorBoard drops what earlier files say about later ones
    public static EventFile begin(Path folder, double seconds, long firstStep) {
        Path file = folder.resolve(String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.%d.jmoco",
                (long) seconds,
                ProcessHandle.current().pid()));
        try {
            Files.createDirectories(folder);
            EventFile events = new EventFile(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
            events.record(
                    new ProtoMessage().float64(EVENT_WALL_TIME, seconds).string(EVENT_FILE_VERSION, "brain.Event:2"));
            if (firstStep > 0) {
                events.record(event(seconds, firstStep)
                        .message(EVENT_SESSION_LOG, new ProtoMessage().integer(SESSION_STATUS, SESSION_START)));
            }
            return events;
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    public void scalar(double seconds, long step, String tag, double value) {
        value(seconds, step, new ProtoMessage().string(VALUE_TAG, tag).float32(VALUE_SIMPLE, (float) value));
    }

    /// The distribution of values, in buckets of equal width; values that are not finite are left out.
    public void histogram(double seconds, long step, String tag, float... values) {
        double[] finite = doubles(values);
        if (finite.length == 0) {
            return;
        }
        double min = Arrays.stream(finite).min().getAsDouble();
        double max = Arrays.stream(finite).max().getAsDouble();
        int buckets = max > min ? BUCKETS : 1;
        double[] limits = new double[buckets];
        double[] counts = new double[buckets];
        for (int b = 0; b < buckets; b++) {
            limits[b] = b == buckets - 1 ? max : min + (max - min) * (b + 1) / buckets;
        }
        for (double v : finite) {
            int b = max > min ? (int) ((v - min) / (max - min) * buckets) : 0;
            counts[Math.min(b, buckets - 1)]++;
        }
        ProtoMessage histogram = new ProtoMessage()
                .float64(1, min)
                .float64(2, max)
                .float64(3, finite.length)
                .float64(4, Arrays.stream(finite).sum())
                .float64(5, Arrays.stream(finite).map(v -> v * v).sum())
                .packed(6, limits)
                .packed(7, counts);
        value(seconds, step, new ProtoMessage().string(VALUE_TAG, tag).message(VALUE_HISTOGRAM, histogram));
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        int n = 0;
        for (float v : values) {
            if (Float.isFinite(v)) {
                doubles[n++] = v;
            }
        }
        return Arrays.copyOf(doubles, n);
    }

    /// @param png an RGB picture of so many pixels as a PNG file has it
    public void image(double seconds, long step, String tag, int height, int width, byte[] png) {
        ProtoMessage picture = new ProtoMessage()
                .integer(1, height)
                .integer(2, width)
                .integer(3, 3) // RGB
                .bytes(4, MemorySegment.ofArray(png));
        value(seconds, step, new ProtoMessage().string(VALUE_TAG, tag).message(VALUE_IMAGE, picture));
    }

    private void value(double seconds, long step, ProtoMessage value) {
        record(event(seconds, step).message(EVENT_SUMMARY, new ProtoMessage().message(SUMMARY_VALUE, value)));
    }

    private static ProtoMessage event(double seconds, long step) {
        return new ProtoMessage().float64(EVENT_WALL_TIME, seconds).integer(EVENT_STEP, step);
    }

    private void record(ProtoMessage message) {
        byte[] payload = message.toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(payload.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(payload.length)
                .putInt(maskedCrc(bytes.array(), 0, 8))
                .put(payload)
                .putInt(maskedCrc(payload, 0, payload.length))
                .flip();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// TensorFlow's rotation of the checksum: a checksum of data that holds checksums would be weak.
    static int maskedCrc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    private static RunException failed(Path file, IOException e) {
        return new RunException(
                file + " cannot be written: " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
