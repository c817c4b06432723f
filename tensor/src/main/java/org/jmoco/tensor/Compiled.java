package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;

/// A program ready to run on a device.
///
/// ```java
/// float loss = device.compile(step).feed("x", images).feed("learningRate", 0.1f).run().scalar("loss");
/// ```
public final class Compiled {
    private final Graph graph;
    private final Executable executable;

    Compiled(Graph graph, Executable executable) {
        this.graph = graph;
        this.executable = executable;
    }

    /// Sets a float input for the next runs, row-major.
    public Compiled feed(String input, float... values) {
        check(input, DType.F32, values.length);
        MemorySegment.copy(values, 0, executable.input(input), ValueLayout.JAVA_FLOAT, 0, values.length);
        return this;
    }

    /// Sets an integer input for the next runs, row-major.
    public Compiled feed(String input, int... values) {
        check(input, DType.I32, values.length);
        MemorySegment.copy(values, 0, executable.input(input), ValueLayout.JAVA_INT, 0, values.length);
        return this;
    }

    /// Sets an input of bytes for the next runs, row-major.
    public Compiled feed(String input, byte... values) {
        check(input, DType.U8, values.length);
        MemorySegment.copy(values, 0, executable.input(input), ValueLayout.JAVA_BYTE, 0, values.length);
        return this;
    }

    /// Sets an input of any type from memory holding exactly its elements.
    public Compiled feed(String input, MemorySegment values) {
        Node n = node(input);
        check(input, n.dtype(), values.byteSize() / n.dtype().bytes());
        MemorySegment.copy(values, 0, executable.input(input), 0, values.byteSize());
        return this;
    }

    /// The memory an input is read from, for writing it without a copy.
    public MemorySegment input(String input) {
        return executable.input(input);
    }

    /// Runs the program once.
    public Compiled run() {
        executable.run();
        return this;
    }

    /// A copy of a float output of the last run.
    public float[] floats(String output) {
        require(output, DType.F32);
        return executable.output(output).toArray(ValueLayout.JAVA_FLOAT);
    }

    /// A copy of an integer output of the last run.
    public int[] ints(String output) {
        require(output, DType.I32);
        return executable.output(output).toArray(ValueLayout.JAVA_INT);
    }

    /// A float output of one element.
    public float scalar(String output) {
        Node n = require(output, DType.F32);
        if (n.shape().size() != 1) {
            throw new ShapeException("program " + graph.name() + ", output " + output + " is " + n.shape()
                    + ", not one element; use floats()");
        }
        return executable.output(output).get(ValueLayout.JAVA_FLOAT, 0);
    }

    /// The memory an output lies in until the next run.
    public MemorySegment output(String output) {
        return executable.output(output);
    }

    public Plan plan() {
        return executable.plan();
    }

    /// The memory this program needs.
    public MemoryUse memory() {
        return executable.memory();
    }

    private Node require(String output, DType dtype) {
        Node n = graph.outputs().get(output);
        if (n == null) {
            throw new IllegalArgumentException("program " + graph.name() + " has no output " + output + "; it has "
                    + graph.outputs().keySet());
        }
        if (n.dtype() != dtype) {
            throw new ShapeException(
                    "program " + graph.name() + ", output " + output + " is " + n.dtype() + ", not " + dtype);
        }
        return n;
    }

    private Node node(String input) {
        Node n = graph.inputs().get(input);
        if (n == null) {
            throw new IllegalArgumentException("program " + graph.name() + " has no input " + input + "; it has "
                    + graph.inputs().keySet());
        }
        return n;
    }

    private void check(String input, DType dtype, long count) {
        Node n = node(input);
        if (n.dtype() != dtype || n.shape().size() != count) {
            throw new ShapeException("program " + graph.name() + ", input " + input + ": expected " + n.dtype()
                    + n.shape() + ", got " + count + " values of " + dtype);
        }
    }
}
