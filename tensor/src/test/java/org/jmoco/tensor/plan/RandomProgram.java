package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.ProgramCheck;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.ops.update.Pack;
import org.jmoco.tensor.random.Philox;

/// A program made up from a seed: views, packed values, results over operands, reads and assignments of variables
/// alone and in groups, in any order. Values stay of the order of 1.
final class RandomProgram {
    private static final int LARGEST = 120;

    private final Philox draws;
    private final List<Tensor> pool = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final List<VariableGroup> groups = new ArrayList<>();
    private Tensor offset;
    private Tensor order;

    private RandomProgram(long seed) {
        draws = new Philox(seed, 0, 0, 0);
    }

    /// The program of a seed, ready to be checked.
    static ProgramCheck of(long seed) {
        RandomProgram random = new RandomProgram(seed);
        random.makeState();
        Program program = Program.trace("seed " + seed, random::trace);
        return new ProgramCheck(program, random.variables, 1e-4).fed(run -> inputs(seed, run));
    }

    private static Map<String, double[]> inputs(long seed, int run) {
        Philox draws = new Philox(seed, 1, run, 0);
        Map<String, double[]> inputs = new LinkedHashMap<>();
        inputs.put("x", normal(draws, 24));
        inputs.put("y", normal(draws, 12));
        inputs.put("rate", new double[] {(float) draws.uniform(0.01, 0.1)});
        inputs.put("offset", new double[] {draws.below(2)});
        inputs.put("order", IntStream.of(draws.permutation(4)).asDoubleStream().toArray());
        return inputs;
    }

    private static double[] normal(Philox draws, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) draws.nextNormal();
        }
        return values;
    }

    private void makeState() {
        Variable alone = variable("alone", Shape.of(4, 6));
        Variable other = variable("other", Shape.of(4, 6));
        Variable queue = variable("queue", Shape.of(8, 6));
        VariableGroup joined = VariableGroup.join(
                "joined",
                List.of(
                        variable("first", Shape.of(4, 6)),
                        variable("second", Shape.of(12)),
                        variable("third", Shape.of(2, 6))));
        groups.addAll(List.of(alone.group(), other.group(), queue.group(), joined));
    }

    private Variable variable(String name, Shape shape) {
        double[] start = normal(draws, (int) shape.size());
        float[] floats = new float[start.length];
        for (int i = 0; i < start.length; i++) {
            floats[i] = (float) start[i];
        }
        Variable v = Variable.of(name, shape, floats);
        variables.add(v);
        return v;
    }

    private void trace(Trace p) {
        pool.add(p.input("x", Shape.of(4, 6)));
        pool.add(p.input("y", Shape.of(12)));
        Tensor rate = p.scalar("rate");
        offset = p.input("offset", Shape.scalar(), DType.I32);
        order = p.permutation("order", 4);
        int outputs = 0;
        int steps = 3 + draws.below(25);
        for (int i = 0; i < steps; i++) {
            switch (draws.below(6)) {
                case 0, 1 -> state();
                case 2 -> pool.add(moved());
                default -> pool.add(computed(rate));
            }
            if (draws.below(6) == 0) {
                p.output("out" + outputs++, pick());
            }
        }
        p.output("last", pool.getLast());
    }

    /// Reads or assigns a variable or a group.
    private void state() {
        Variable v = variables.get(draws.below(variables.size()));
        VariableGroup g = groups.get(draws.below(groups.size()));
        switch (draws.below(5)) {
            case 0 -> pool.add(g.read());
            case 1, 2 -> pool.add(v.read());
            case 3 -> pool.add(v.assign(fit(pick(), v.shape())));
            default -> g.assign(fit(pick(), Shape.of(g.size())));
        }
    }

    /// A value whose elements come from others unchanged.
    private Tensor moved() {
        Tensor x = pick();
        return switch (draws.below(9)) {
            case 0 -> x.reshape(-1);
            case 1 -> matrix(x).transpose();
            case 2 -> slice(x, 0);
            case 3 -> slice(x, x.shape().rank() - 1);
            case 4 -> x.stopGradient();
            case 5 -> small(Tensor.concat(0, x.reshape(-1), pick().reshape(-1)));
            case 6 ->
                small(Tensor.concat(
                        1, fit(x, Shape.of(4, 6)), fit(pick(), Shape.of(4, 3)), fit(pick(), Shape.of(4, 6))));
            case 7 ->
                small(new Pack(List.of(2, 30, 60), 80)
                        .on(fit(x, Shape.of(24)), fit(pick(), Shape.of(5, 6)), fit(pick(), Shape.of(12))));
            default -> fit(x, Shape.of(4, 6)).gatherRows(order);
        };
    }

    private Tensor slice(Tensor x, int axis) {
        int extent = x.shape().dim(axis);
        int length = 1 + draws.below(extent);
        return x.slice(axis, draws.below(extent - length + 1), length);
    }

    private Tensor computed(Tensor rate) {
        Tensor x = pick();
        Tensor y = fit(pick(), x.shape());
        return switch (draws.below(10)) {
            case 0 -> x.relu();
            case 1 -> x.add(y).multiply(0.5f);
            case 2 -> x.subtract(y).multiply(0.5f);
            case 3 -> x.maximum(y);
            case 4 -> x.movingAverage(y, 0.75);
            case 5 -> matrix(x).sum(0).multiply(1f / matrix(x).shape().dim(0));
            case 6 ->
                matrix(x).add(fit(pick(), Shape.of(matrix(x).shape().dim(1)))).multiply(0.5f);
            case 7 -> fit(x, Shape.of(8, 6)).writeSlice(fit(pick(), Shape.of(7, 6)), offset);
            case 8 -> fit(x, Shape.of(24)).sgdUpdate(fit(pick(), Shape.of(12)), rate, 0.9f, 0.1f, false);
            default -> x.negate();
        };
    }

    /// The newest value in two thirds of the cases, else any.
    private Tensor pick() {
        return draws.below(3) > 0 ? pool.getLast() : pool.get(draws.below(pool.size()));
    }

    private static Tensor matrix(Tensor x) {
        return x.shape().rank() == 2 ? x : x.reshape(x.shape().size() % 3 == 0 ? 3 : 1, -1);
    }

    private static Tensor small(Tensor x) {
        return x.shape().size() <= LARGEST
                ? x
                : x.reshape(-1).slice(0, (int) x.shape().size() - LARGEST, LARGEST);
    }

    /// Some of a tensor's elements under another shape, more of them from others if it has too few.
    private Tensor fit(Tensor x, Shape to) {
        if (x.shape().equals(to)) {
            return x;
        }
        Tensor flat = x.reshape(-1);
        while (flat.shape().size() < to.size()) {
            flat = Tensor.concat(0, flat, pick().reshape(-1));
        }
        int size = (int) to.size();
        return flat.slice(0, draws.below((int) flat.shape().size() - size + 1), size)
                .reshape(to);
    }
}
