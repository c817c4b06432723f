package org.jmoco.moco.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.HealthMonitor;
import org.jmoco.moco.pretrain.KnnMonitor;
import org.jmoco.moco.report.RunPictures;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemory;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;

/// The most memory that the process of a run takes, in bytes, known from its plans before anything runs.
///
/// @param state       parameters, momenta, statistics and queue
/// @param activations the arena that all programs share, as large as the largest needs: as a rule the training
///     step, with small batches the monitor
/// @param exchange    what is fed to the programs and read from them
/// @param workspace   what kernels need besides
/// @param copies      the state as it is written to a checkpoint, and at the end the weights of the encoder
/// @param features    of all images and what is computed from them, if the nearest-neighbour monitor is on
/// @param images      on the heap: decoded images, and batches of views made ahead
/// @param young       on the heap: what dies young fills the young generation to its bound
/// @param runtime     classes, compiled code, and the compiler at its busiest
/// @param repeated    work done again to need less memory, as a share of the step's
/// @param device      where state, activations and what is exchanged lie, if that is not the process
record MemoryForecast(
        long state,
        long activations,
        long exchange,
        long workspace,
        long copies,
        long features,
        long images,
        long young,
        long runtime,
        double repeated,
        Optional<DeviceMemory> device) {
    /// Batches of a loader that exist at once: those under way and the one handed out.
    private static final int BATCHES_OF_A_LOADER = 4;
    /// The features are searched in blocks of the training images.
    private static final int BLOCK = 16_384;
    private static final int QUERIES_AT_ONCE = 256;
    /// t-SNE holds three numbers for each pair of points.
    private static final int TABLES_OF_THE_MAP = 3;

    /// @param batch as the configuration has it, see [MocoConfig#withBatch]
    static MemoryForecast of(MocoConfig config, Pixels pixels, ImageCounts counts, Device device) {
        return of(config, pixels, counts, device.memoryMode(config.memory()).backend(), Backend::plan);
    }

    /// The same for so many bytes of this machine's memory.
    static MemoryForecast within(long bytes, MocoConfig config, Pixels pixels, ImageCounts counts, Device device) {
        MemoryForecast plain = of(config, pixels, counts, device);
        long lacking = plain.total() - bytes;
        if (lacking <= 0 || plain.device.isPresent()) {
            return plain;
        }
        long room = plain.activations - lacking;
        return of(config, pixels, counts, device.backend(), (backend, graph) -> backend.plan(graph, room));
    }

    private static MemoryForecast of(
            MocoConfig config,
            Pixels pixels,
            ImageCounts counts,
            Backend backend,
            BiFunction<Backend, Graph, Plan> planner) {
        Moco moco = Moco.outline(config, pixels);
        List<Program> programs = new ArrayList<>(moco.programs());
        programs.add(moco.features(Math.min(HealthMonitor.MOST_PAIRS, config.batch())));
        if (counts.monitored()) {
            programs.add(moco.features(KnnMonitor.BATCH, monitored(config, pixels)));
        }
        List<Plan> plans =
                programs.stream().map(p -> planner.apply(backend, p.graph())).toList();
        List<MemoryUse> uses = plans.stream().map(backend::memory).toList();
        long state = plans.stream()
                .flatMap(p -> p.buffers().stream())
                .filter(Buffer.State.class::isInstance)
                .distinct()
                .mapToLong(b -> b.size() * b.dtype().bytes())
                .sum();
        long runtime = uses.stream().mapToLong(MemoryUse::runtime).max().orElse(0);
        long young = Math.min(runtime, JvmFootprint.young());
        return new MemoryForecast(
                state,
                uses.stream().mapToLong(MemoryUse::activations).max().orElse(0),
                uses.stream().mapToLong(MemoryUse::inputsOutputs).sum(),
                uses.stream().mapToLong(MemoryUse::workspace).max().orElse(0),
                state
                        + moco.query().named().values().stream()
                                .mapToLong(v -> v.shape().size() * (long) Float.BYTES)
                                .sum(),
                counts.monitored() ? features(config, counts) : 0,
                images(config, pixels, counts),
                young,
                runtime - young,
                plans.stream().mapToDouble(Plan::repeated).max().orElse(0),
                backend.deviceMemory(plans));
    }

    private static long features(MocoConfig config, ImageCounts counts) {
        MocoConfig.Model model = config.model();
        long pooled = 8L * model.width() * model.arch().expansion();
        long dim = config.knn().tap() == MocoConfig.Knn.Tap.HEAD ? model.dim() : pooled;
        long block = Math.min(BLOCK, counts.training());
        long drawn = Math.min(RunPictures.MOST_POINTS, counts.test());
        long map = TABLES_OF_THE_MAP * drawn * drawn * Double.BYTES;
        return Float.BYTES * (dim * (counts.training() + counts.test() + block) + QUERIES_AT_ONCE * block) + map;
    }

    /// The loader of the training views, that of the views which are looked at after an epoch, and the monitor's.
    private static long images(MocoConfig config, Pixels pixels, ImageCounts counts) {
        Pixels looked = monitored(config, pixels);
        long bytes = 2L * 2 * BATCHES_OF_A_LOADER * config.batch() * bytes(pixels)
                + (counts.monitored() ? BATCHES_OF_A_LOADER * KnnMonitor.BATCH * bytes(looked) : 0);
        return counts.decodedBytes() + bytes;
    }

    private static long bytes(Pixels view) {
        return 3L * view.height() * view.width();
    }

    /// What the monitor sees.
    private static Pixels monitored(MocoConfig config, Pixels training) {
        int size = config.knn().size();
        return size == 0 ? training : new Pixels(size, size, training.normalize());
    }

    /// On the Java heap.
    long heap() {
        return images + young;
    }

    /// Outside it, without what the JVM needs for itself. Of what a device holds the process has the variables, what is
    /// exchanged and what the arenas take here.
    long offHeap() {
        return state
                + exchange
                + copies
                + features
                + device.map(DeviceMemory::host).orElse(activations + workspace);
    }

    /// Whether the run finds room where its tensors lie, and in so many bytes of the machine's memory.
    boolean fits(long bytes) {
        return total() <= bytes && device.map(DeviceMemory::fits).orElse(true);
    }

    /// All that is resident at the worst moment.
    long total() {
        return heap() + offHeap() + runtime;
    }

    /// @param training     images   @param test images, of the monitor
    /// @param monitored    whether the nearest-neighbour monitor looks
    /// @param decodedBytes of images that are kept in memory
    record ImageCounts(int training, int test, boolean monitored, long decodedBytes) {}
}
