package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jmoco.tensor.reference.Reference;

/// Holds whole programs with state against the float64 reference, and all JVM devices against each other bit by
/// bit, over several runs in a row; on a TornadoVM SDK its device too.
public final class ProgramCheck {
    private final Program program;
    private final List<Variable> variables;
    private final double tolerance;
    private IntFunction<Map<String, double[]>> inputs = run -> Map.of();

    /// @param variables every variable that the program touches
    /// @param tolerance |error| allowed, relative to 1 + |expected|
    public ProgramCheck(Program program, List<Variable> variables, double tolerance) {
        this.program = program;
        this.variables = variables;
        this.tolerance = tolerance;
    }

    /// What is fed for each run.
    public ProgramCheck fed(IntFunction<Map<String, double[]>> inputsOfRun) {
        inputs = inputsOfRun;
        return this;
    }

    /// Runs the program `runs` times on every device, each time from the present state of the variables, which is
    /// put back at the end.
    public void runs(int runs) {
        List<Map<String, double[]>> expected = expected(runs);
        Map<VariableGroup, byte[]> start = groups();
        List<Map<String, byte[]>> first = null;
        for (Device device : TestDevices.variants()) {
            List<Map<String, byte[]>> bits = runsOn(device, expected);
            first = first == null ? bits : first;
            for (int run = 0; run < runs; run++) {
                for (Map.Entry<String, byte[]> entry : first.get(run).entrySet()) {
                    String what = program.name() + ", run " + run + " on " + device + ": the bits of " + entry.getKey();
                    assertArrayEquals(
                            entry.getValue(), bits.get(run).get(entry.getKey()), () -> what + "\n" + describe());
                }
            }
            restore(start);
        }
        runsOn(TestDevices.unrewritten(), expected);
        restore(start);
        TestDevices.onSdk().ifPresent(device -> {
            runsOn(device, expected);
            restore(start);
        });
    }

    private List<Map<String, byte[]>> runsOn(Device device, List<Map<String, double[]>> expected) {
        Compiled compiled = device.compile(program);
        List<Map<String, byte[]>> bits = new ArrayList<>();
        for (int run = 0; run < expected.size(); run++) {
            inputs.apply(run).forEach((label, values) -> Fed.doubles(compiled, program.graph(), label, values));
            compiled.run();
            compare(expected.get(run), compiled, program.name() + ", run " + run + " on " + device);
            bits.add(bits(compiled));
        }
        return bits;
    }

    private static void restore(Map<VariableGroup, byte[]> state) {
        state.forEach((group, bytes) ->
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, group.hostForWriting(), 0, bytes.length));
    }

    private List<Map<String, double[]>> expected(int runs) {
        Reference reference = new Reference();
        variables.forEach(reference::value); // takes the state over before anything runs
        List<Map<String, double[]>> expected = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            Map<String, double[]> values = new LinkedHashMap<>(reference.run(program.graph(), inputs.apply(run)));
            variables.forEach(v -> values.put("variable " + v.name(), reference.value(v)));
            expected.add(values);
        }
        return expected;
    }

    private Map<VariableGroup, byte[]> groups() {
        Map<VariableGroup, byte[]> groups = new LinkedHashMap<>();
        variables.forEach(v -> groups.put(v.group(), v.group().host().toArray(ValueLayout.JAVA_BYTE)));
        return groups;
    }

    private void compare(Map<String, double[]> expected, Compiled compiled, String where) {
        program.graph().outputs().forEach((label, n) -> {
            double[] want = expected.get(label);
            compare(want, Reference.doubles(compiled.output(label), n.dtype(), want.length), where + ": " + label);
        });
        for (Variable v : variables) {
            double[] want = expected.get("variable " + v.name());
            compare(want, Reference.doubles(v.host(), v.dtype(), want.length), where + ": variable " + v.name());
        }
    }

    private void compare(double[] want, double[] got, String what) {
        for (int i = 0; i < want.length; i++) {
            int element = i;
            assertEquals(
                    want[i],
                    got[i],
                    tolerance * (1 + Math.abs(want[i])),
                    () -> what + "[" + element + "]\n" + describe());
        }
    }

    private Map<String, byte[]> bits(Compiled compiled) {
        Map<String, byte[]> bits = new LinkedHashMap<>();
        program.graph()
                .outputs()
                .keySet()
                .forEach(label -> bits.put(label, compiled.output(label).toArray(ValueLayout.JAVA_BYTE)));
        groups().forEach((group, bytes) -> bits.put("group " + group.name(), bytes));
        return bits;
    }

    /// The program as a list, for the message of a failure.
    private String describe() {
        List<Node> nodes = program.graph().nodes();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            text.append("  %")
                    .append(i)
                    .append(" = ")
                    .append(n.op())
                    .append(n.inputs().stream().map(nodes::indexOf).toList())
                    .append(' ')
                    .append(n.shape())
                    .append('\n');
        }
        program.graph()
                .outputs()
                .forEach((label, n) -> text.append("  output ")
                        .append(label)
                        .append(" = %")
                        .append(nodes.indexOf(n))
                        .append('\n'));
        program.graph()
                .stores()
                .forEach((group, n) -> text.append("  store ")
                        .append(group)
                        .append(" = %")
                        .append(nodes.indexOf(n))
                        .append('\n'));
        return text.toString();
    }
}
