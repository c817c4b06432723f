package org.jmoco.moco.algorithm;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Heads;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.optim.Ema;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.processes.Alone;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.nn.weights.Weights;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Momentum contrast (He et al. 2020; Chen et al. 2020): the query encoder, the key encoder that follows it, the
/// queue of keys, and the optimiser of one run.
///
/// ```java
/// Moco moco = new Moco(config, Pixels.bytes(32, 32, Normalize.CIFAR));
/// Step step = moco.on(device);
/// Outcome outcome = step.run(queryViews, keyViews, moco.permutation(i), learningRate);
/// SafeTensors.write(file, moco.save(), metadata);
/// ```
/// Everything begins from the seed of the configuration: the query encoder as torchvision begins it, the key
/// encoder with the same parameters, the queue with random keys.
public final class Moco {
    private final MocoConfig config;
    private final Pixels pixels;
    private final Ranks ranks;
    private final ResNet query;
    private final ResNet key;
    private final Queue queue;
    private final Sgd sgd;
    private final Ema ema;
    private final SequencedMap<String, Variable> state = new LinkedHashMap<>();

    public Moco(MocoConfig config, Pixels pixels) {
        this(config, pixels, true);
    }

    private Moco(MocoConfig config, Pixels pixels, boolean begins) {
        this.config = config;
        this.pixels = pixels;
        this.ranks = new Ranks(
                config.batch(),
                config.ranks(),
                config.ranksAtOnce(),
                config.bn().splits());
        query = encoder(config.model());
        key = encoder(config.model());
        queue = new Queue(config.contrast().queue(), config.model().dim());
        if (begins) {
            query.initialize(config.seed());
            key.initialize(config.seed());
            key.copyParameters(query);
            queue.initialize(config.seed());
        }
        name("encoder_q.", query.named());
        name("encoder_k.", key.named());
        MocoConfig.Optimizer o = config.optimizer();
        sgd = new Sgd(new Sgd.Options(o.momentum(), o.weightDecay(), o.nesterov()), query.parameters());
        ema = new Ema(key.parameters(), query.parameters());
        state.put("queue", queue.keys());
        state.put("queue_ptr", queue.pointer());
        List<Variable> momenta = sgd.momenta();
        int i = 0;
        for (String name : query.namedParameters().keySet()) {
            state.put("momentum." + name, momenta.get(i++));
        }
    }

    /// The same to be planned, not trained: its variables have no values, and so take no memory.
    public static Moco outline(MocoConfig config, Pixels pixels) {
        return new Moco(config, pixels, false);
    }

    private static ResNet encoder(MocoConfig.Model model) {
        return new ResNet(
                ResNet.Config.of(model.arch()).stem(model.stem()).width(model.width()),
                switch (model.head()) {
                    case LINEAR -> features -> Heads.linear(features, model.dim());
                    case MLP -> features -> Heads.mlp(features, model.dim());
                    case MLP_BN -> features -> Heads.mlpBn(features, model.dim());
                });
    }

    private void name(String prefix, Map<String, Variable> variables) {
        variables.forEach((name, v) -> {
            v.rename(prefix + name);
            state.put(prefix + name, v);
        });
    }

    public MocoConfig config() {
        return config;
    }

    Pixels pixels() {
        return pixels;
    }

    Ranks ranks() {
        return ranks;
    }

    /// The encoder that is trained, with its head: images `[n, h, w, 3]` → contrastive features `[n, dim]`, not
    /// yet of unit length.
    public ResNet query() {
        return query;
    }

    /// The encoder that follows it.
    public ResNet key() {
        return key;
    }

    Queue queue() {
        return queue;
    }

    Sgd sgd() {
        return sgd;
    }

    Ema ema() {
        return ema;
    }

    /// All that outlives a step, by the name it has in a checkpoint: `encoder_q.*`, `encoder_k.*` (parameters
    /// and running statistics), `queue`, `queue_ptr`, `momentum.*`.
    public SequencedMap<String, Variable> state() {
        return Collections.unmodifiableSequencedMap(state);
    }

    /// A copy of the whole state as PyTorch would save it: convolutions `[out, in, h, w]`, linear weights
    /// `[out, in]`, `queue` `[dim, K]`, `queue_ptr` I64 `[1]`. Nothing is rounded.
    public SequencedMap<String, ArrayData> save() {
        return new MocoState(this).save();
    }

    /// Puts a whole state back.
    ///
    /// @param arrays what [#save] gave for the same model
    /// @throws IllegalArgumentException naming what is missing, unknown or of another shape; then nothing has
    /// changed
    public void load(Map<String, ArrayData> arrays) {
        new MocoState(this).load(arrays);
    }

    /// Begins from the weights in a file, `--init`. Parameters `encoder_q.*` must all be there. What may be
    /// missing keeps its beginning: running statistics, `queue`, `queue_ptr`, `momentum.*`, and `encoder_k.*`,
    /// which then begins as a copy of the query encoder's parameters. Floating-point numbers of any width are
    /// taken.
    ///
    /// One encoder, in any layout that [Weights] knows, becomes the query encoder: with its head if that is of
    /// the sizes of this one, else with the head as it is, fresh from the seed. So a backbone without a head will
    /// do, and so will a classifier.
    ///
    /// @param file safetensors or a file of PyTorch
    /// @return what was taken, in words
    /// @throws FormatException naming what is missing, unknown or of another shape, or if the file is damaged;
    ///     then nothing has changed
    public String init(Path file) {
        return init(file, Optional.empty());
    }

    /// As [#init(Path)], of the arrays whose names begin with a prefix.
    public String init(Path file, Optional<String> prefix) {
        Weights weights = Weights.read(file, prefix);
        String note = weights.note().isEmpty() ? "" : " (" + weights.note() + ")";
        try {
            return "begins from " + file + note + ": "
                    + (weights.layout().isMoco() ? initWhole(weights) : initEncoder(weights));
        } catch (IllegalArgumentException e) {
            String advice = weights.layout().isMoco()
                    ? "; to begin from its backbone alone, take it out first: jmoco weights extract"
                    : "";
            throw new FormatException(file.toString(), e.getMessage() + advice, e);
        }
    }

    private String initWhole(Weights weights) {
        if (!weights.skipped().isEmpty()) {
            weights.network(); // says why arrays are missing
        }
        init(weights.arrays());
        return "a whole MoCo";
    }

    private String initEncoder(Weights weights) {
        ResNetSpec found = weights.spec();
        ResNetSpec own =
                new ResNetSpec(query.config(), headSizes(), config.model().head() == MocoConfig.Model.Head.MLP_BN);
        boolean withHead = found.head().equals(own.head()) && found.headNorm() == own.headNorm();
        ResNetSpec taken = withHead ? own : own.withHead();
        boolean whole = found.config().equals(own.config()) && weights.skipped().isEmpty();
        Map<String, ArrayData> arrays =
                new LinkedHashMap<>(whole ? taken.own(weights.encoder()) : weights.encoder(taken));
        if (withHead) {
            init(prefixed("encoder_q.", arrays));
            return found + ", with its head";
        }
        StateDict.of(query).forEach((name, array) -> {
            if (name.startsWith("fc.")) {
                arrays.put(name, array);
            }
        });
        init(prefixed("encoder_q.", arrays));
        String head = headSizes().stream().map(String::valueOf).collect(Collectors.joining("-"));
        return found + "; the head begins fresh (" + head + ", seed " + config.seed() + ")";
    }

    /// Outputs of the head's linear layers.
    private List<Integer> headSizes() {
        MocoConfig.Model model = config.model();
        return switch (model.head()) {
            case LINEAR -> List.of(model.dim());
            case MLP, MLP_BN -> List.of(query.config().features(), model.dim());
        };
    }

    private static Map<String, ArrayData> prefixed(String prefix, Map<String, ArrayData> arrays) {
        Map<String, ArrayData> named = new LinkedHashMap<>();
        arrays.forEach((name, array) -> named.put(prefix + name, array));
        return named;
    }

    /// As [#init(Path)], from arrays.
    ///
    /// @throws IllegalArgumentException naming what is missing, unknown or of another shape; then nothing has
    /// changed
    public void init(Map<String, ArrayData> arrays) {
        new MocoState(this).init(arrays);
    }

    /// The permutation of the key views in a step, a function of the seed and the step alone: slot j of the key
    /// encoder's batch holds view `permutation[j]`. With the symmetric loss there are two, one behind the other.
    ///
    /// @param step counted from 0 over the whole run
    public int[] permutation(long step) {
        return Shuffle.of(config.seed(), step, config.batch(), passes());
    }

    /// How often a step contrasts: once, or with the symmetric loss twice.
    int passes() {
        return config.contrast().symmetric() ? 2 : 1;
    }

    /// The programs of a step as they are written, before a device rewrites them: for drawings.
    public List<Program> programs() {
        return new StepPrograms(this).all();
    }

    /// The program that encodes `n` pairs of views as the encoders are now, batch norm with its running
    /// statistics: inputs `query` and `key`, outputs `query` and `key`, `[n, dim]`, rows of unit length. Nothing
    /// is trained.
    public Program features(int n) {
        return features(n, pixels);
    }

    /// As [#features(int)], of views that are as large as `views` says.
    public Program features(int n, Pixels views) {
        return Program.trace("moco-features", p -> {
            p.output(
                    "query",
                    query.forward(views.input(p, "query", n), Mode.EVALUATE).l2Normalize());
            p.output("key", key.forward(views.input(p, "key", n), Mode.EVALUATE).l2Normalize());
        });
    }

    /// The negatives as they are now, `[K, dim]` row-major, rows of unit length.
    public float[] negatives() {
        return queue.keys().toArray();
    }

    /// The step, ready to run.
    ///
    /// @throws DeviceMemoryException with the largest batch that fits, if the device has too little memory for
    /// this one
    public Step on(Device device) {
        return on(device, new Alone("this machine"));
    }

    /// The step as several processes take it together, each with its own ranks; afterwards all have the state
    /// that one process would have, but for what [#shareState] brings.
    ///
    /// @throws ConfigException if the ranks cannot be shared out evenly
    /// @throws DeviceMemoryException as [#on(Device)] does
    public Step on(Device device, Processes processes) {
        try {
            return new Step(this, device, processes);
        } catch (DeviceMemoryException e) {
            throw LargestBatch.advise(e, this, device);
        }
    }

    /// Whether the views of a sample of the batch are made by this process.
    ///
    /// @throws ConfigException if the ranks cannot be shared out evenly
    public IntPredicate owns(Processes processes) {
        Turns turns = Turns.of(ranks, processes);
        return sample -> turns.owner(sample) == processes.number();
    }

    /// Gives all processes what some of them do not keep while they train together: running statistics, and momentum
    /// buffers of the others' parameters. Afterwards each has the state that one process would have. Collective.
    public void shareState(Processes processes) {
        SharedState.share(this, processes);
    }
}
