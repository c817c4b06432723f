package org.jmoco.eval.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemory;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;

/// The most memory that training and testing a segmenter or a detector take, in bytes, known from its plans before
/// anything runs.
///
/// @param state       parameters, momenta, sums of gradients, statistics
/// @param activations the arena that all programs share, as large as the largest needs
/// @param exchange    what is fed to the programs and read from them
/// @param workspace   what kernels need besides
/// @param copies      the encoder that was read, and the network as it is written to a checkpoint
/// @param images      on the heap: batches made ahead, or the scores of the windows of a test image
/// @param young       on the heap: what dies young fills the young generation to its bound
/// @param runtime     classes, compiled code, and the compiler at its busiest
/// @param repeated    work done again to need less memory, as a share of the step's
/// @param device      where state, activations and what is exchanged lie, if that is not the process
public record SegmentForecast(
        long state,
        long activations,
        long exchange,
        long workspace,
        long copies,
        long images,
        long young,
        long runtime,
        double repeated,
        Optional<DeviceMemory> device) {
    /// More than there is anywhere, and far from an overflow.
    private static final long ENDLESS = Long.MAX_VALUE / 2;

    /// The recipe as it is, in so many bytes of this machine's memory: where they do not suffice values are computed
    /// again.
    public static SegmentForecast of(TrainingOutline what, long bytes, Device device) {
        return of(what, what.imagesAtOnce(), bytes, device);
    }

    private static SegmentForecast of(TrainingOutline what, int atOnce, long bytes, Device device) {
        SegmentForecast plain = planned(what, atOnce, ENDLESS, device.backend());
        long lacking = plain.total() - bytes;
        return lacking <= 0 || plain.device.isPresent()
                ? plain
                : planned(what, atOnce, plain.activations - lacking, device.backend());
    }

    private static SegmentForecast planned(TrainingOutline what, int atOnce, long activations, Backend backend) {
        List<Plan> training = plans(what.training(atOnce), activations, backend);
        List<Plan> test = plans(what.test(), activations, backend);
        List<Plan> all = Stream.concat(training.stream(), test.stream()).toList();
        List<MemoryUse> uses = all.stream().map(backend::memory).toList();
        long state = training.stream()
                .flatMap(p -> p.buffers().stream())
                .filter(Buffer.State.class::isInstance)
                .distinct()
                .mapToLong(b -> b.size() * b.dtype().bytes())
                .sum();
        long runtime = uses.stream().mapToLong(MemoryUse::runtime).max().orElse(0);
        long young = Math.min(runtime, JvmFootprint.young());
        return new SegmentForecast(
                state,
                uses.stream().mapToLong(MemoryUse::activations).max().orElse(0),
                Math.max(exchange(training), exchange(test)),
                uses.stream().mapToLong(MemoryUse::workspace).max().orElse(0),
                Float.BYTES * (what.elements() + what.encoderElements()),
                what.prepared(),
                young,
                runtime - young,
                training.stream().mapToDouble(Plan::repeated).max().orElse(0),
                backend.deviceMemory(training));
    }

    private static List<Plan> plans(List<Program> programs, long activations, Backend backend) {
        List<Plan> plans = new ArrayList<>();
        for (Program program : programs) {
            plans.add(backend.plan(program.graph(), activations));
        }
        return plans;
    }

    private static long exchange(List<Plan> plans) {
        return plans.stream().mapToLong(Plan::inputOutputBytes).sum();
    }

    /// The largest number of images, up to the batch, that fit at once into so many bytes of this machine's memory
    /// and into the device's; found by planning, without allocating anything.
    ///
    /// @return 0 if not even one does
    public static int largest(TrainingOutline what, long bytes, Device device) {
        return SegmentOutline.largest(
                what.batch(), n -> of(what, n, bytes, device).fits(bytes));
    }

    /// The largest `recipe.images-at-once` if so many images fit at once.
    public static OptionalInt largestPart(TrainingOutline what, int images) {
        return SegmentOutline.part(what.batch(), images);
    }

    /// What to do where a run does not fit.
    ///
    /// @param images that fit at once, 0 if not even one does
    public static String advice(TrainingOutline what, int images) {
        return AtOnce.advice(what, images);
    }

    /// On the Java heap.
    public long heap() {
        return images + young;
    }

    /// Outside it, without what the JVM needs for itself.
    public long offHeap() {
        return state + exchange + copies + arenas();
    }

    /// What activations take of this machine's memory, or a device's arenas.
    private long arenas() {
        return device.map(DeviceMemory::host).orElse(activations + workspace);
    }

    /// All that is resident at the worst moment.
    public long total() {
        return heap() + offHeap() + runtime;
    }

    /// Whether the run finds room where its tensors lie, and in so many bytes of the machine's memory.
    public boolean fits(long bytes) {
        return total() <= bytes && device.map(DeviceMemory::fits).orElse(true);
    }
}
