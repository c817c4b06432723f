package org.jmoco.moco.pretrain;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.reference.Reference;

/// How fast the same training steps part from float64, on one device or several: what a comparison of two devices
/// over as many steps can be asked for.
///
/// Each device, and the float64 interpreter, goes its own way from the same weights with the same views. Printed
/// for each step: the relative difference of the loss, and the relative L2 difference of the parameter that
/// differs most, of each device from float64 and of each two devices.
final class FirstSteps {
    private static final List<String> SAMPLE = List.of("data.kind=sample", "views={preset: cifar10, size: 16}");

    private static final String EXACT = "float64";

    /// Of the learning rate, as in [Parity].
    private static final float WARM_UP_RATE = 10;

    private final Map<String, Double> losses = new LinkedHashMap<>();
    private final Map<String, Map<String, double[]>> parameters = new LinkedHashMap<>();

    private FirstSteps() {}

    /// Prints the differences.
    ///
    /// @param args steps of training before, at ten times the learning rate, on the first device; steps to
    ///     compare; devices, then settings of the configuration
    public static void main(String[] args) {
        List<String> settings = new ArrayList<>(SAMPLE);
        settings.addAll(Arrays.asList(args).subList(3, args.length));
        MocoConfig config = Binder.bind(
                ConfigTree.override(ConfigTree.read(Path.of("configs/parity.yaml")), settings), MocoConfig.defaults());
        new FirstSteps()
                .run(config, Integer.parseInt(args[0]), Integer.parseInt(args[1]), List.of(args[2].split(",", -1)));
    }

    private void run(MocoConfig config, int warmUp, int steps, List<String> devices) {
        BatchSource batches = RunData.open(config).batches();
        Timetable timetable = new Timetable(config, batches.stepsPerEpoch());
        Map<String, Moco> runs = new LinkedHashMap<>();
        Map<String, Step> compiled = new LinkedHashMap<>();
        for (String name : devices) {
            Moco moco = new Moco(config, batches.pixels());
            runs.put(name, moco);
            compiled.put(name, moco.on(Devices.open(name, 1).device()));
        }
        Moco exact = new Moco(config, batches.pixels());
        Graph graph = exact.programs().getFirst().graph();
        Reference reference = new Reference();
        try (BatchSource.Batches views = batches.from(0, exact::permutation)) {
            Moco first = runs.get(devices.getFirst());
            for (int step = 0; step < warmUp; step++) {
                BatchSource.Views v = views.next();
                compiled.get(devices.getFirst())
                        .run(v.query(), v.key(), v.permutation(), WARM_UP_RATE * timetable.learningRate(step));
            }
            exact.load(first.save());
            runs.values().stream().filter(m -> m != first).forEach(m -> m.load(first.save()));
            exact.state().values().forEach(reference::value); // takes the state over
            for (int step = 0; step < steps; step++) {
                BatchSource.Views v = views.next();
                float rate = timetable.learningRate(warmUp + step);
                compiled.forEach((name, on) -> {
                    losses.put(name, (double)
                            on.run(v.query(), v.key(), v.permutation(), rate).loss());
                    parameters.put(
                            name,
                            values(
                                    runs.get(name),
                                    p -> Reference.doubles(
                                            p.host(),
                                            p.dtype(),
                                            Math.toIntExact(p.shape().size()))));
                });
                losses.put(EXACT, reference.run(graph, inputs(v, rate)).get("losses")[0]);
                parameters.put(EXACT, values(exact, reference::value));
                print(step + 1);
            }
        }
    }

    private static Map<String, double[]> inputs(BatchSource.Views v, float rate) {
        int[] permutation = v.permutation();
        double[] query = bytes(v.query());
        double[] key = bytes(v.key());
        double[] shuffled = new double[key.length];
        double[] unshuffle = new double[permutation.length];
        int image = key.length / permutation.length;
        for (int j = 0; j < permutation.length; j++) {
            System.arraycopy(key, permutation[j] * image, shuffled, j * image, image);
            unshuffle[permutation[j]] = j;
        }
        return Map.of("query", query, "key", shuffled, "unshuffle", unshuffle, "learningRate", new double[] {rate});
    }

    private static double[] bytes(MemorySegment views) {
        return Reference.doubles(views, DType.U8, Math.toIntExact(views.byteSize()));
    }

    private static Map<String, double[]> values(Moco moco, Function<Variable, double[]> value) {
        Map<String, double[]> values = new LinkedHashMap<>();
        moco.query().namedParameters().forEach((name, p) -> values.put("q." + name, value.apply(p)));
        moco.key().namedParameters().forEach((name, p) -> values.put("k." + name, value.apply(p)));
        return values;
    }

    private void print(int step) {
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "step %d: loss %.7f", step, losses.get(EXACT)));
        List<String> names = List.copyOf(losses.keySet());
        for (int b = 1; b < names.size(); b++) {
            for (int a = 0; a < b; a++) {
                line.append("; ")
                        .append(names.get(a))
                        .append(" – ")
                        .append(names.get(b))
                        .append(' ')
                        .append(difference(names.get(a), names.get(b)));
            }
        }
        System.out.println(line);
    }

    private String difference(String a, String b) {
        double worst = -1;
        String name = "";
        for (Map.Entry<String, double[]> entry : parameters.get(a).entrySet()) {
            double d = relativeL2(parameters.get(b).get(entry.getKey()), entry.getValue());
            if (d > worst) {
                worst = d;
                name = entry.getKey();
            }
        }
        return String.format(
                Locale.ROOT,
                "loss %.1e, parameter %.1e (%s)",
                Math.abs(losses.get(a) - losses.get(b)) / losses.get(b),
                worst,
                name);
    }

    private static double relativeL2(double[] expected, double[] got) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(got[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        return error == 0 ? 0 : Math.sqrt(error / norm);
    }
}
