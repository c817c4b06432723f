package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Named state that outlives a run: a parameter, a running statistic, a momentum, the queue.
///
/// Inside a traced program reads and assignments follow the order in which they are traced, as in ordinary code:
/// [#read] gives the last value assigned before it (the value at the start of the run if there is none), and a
/// tensor read earlier keeps its old value. Outside a program both act at once.
public final class Variable {
    private String name;
    private final Shape shape;
    private VariableGroup group;
    private int offset;

    private Variable(String name, Shape shape, DType dtype) {
        this.name = name;
        this.shape = shape;
        this.group = VariableGroup.single(name, dtype, this, shape);
    }

    /// A float variable of zeros.
    public static Variable zeros(String name, Shape shape) {
        return new Variable(name, shape, DType.F32);
    }

    /// A variable of zeros.
    public static Variable zeros(String name, Shape shape, DType dtype) {
        return new Variable(name, shape, dtype);
    }

    /// A float variable with these initial values, row-major.
    public static Variable of(String name, Shape shape, float... values) {
        Variable v = zeros(name, shape);
        v.set(values);
        return v;
    }

    public String name() {
        return name;
    }

    /// Gives another name for messages and drawings: a variable made by a layer learns its place in the network,
    /// `layer1.0.conv1.weight`, when the network is complete.
    public void rename(String newName) {
        name = newName;
        group.renameIfSingle(newName);
    }

    public Shape shape() {
        return shape;
    }

    public DType dtype() {
        return group.dtype();
    }

    /// The block this variable lies in, alone or with others.
    public VariableGroup group() {
        return group;
    }

    /// Where it begins in its group, in elements.
    public int offset() {
        return offset;
    }

    void moveTo(VariableGroup newGroup, int newOffset) {
        group = newGroup;
        offset = newOffset;
    }

    /// The value: inside a trace the last one assigned, outside a copy of the present one.
    public Tensor read() {
        Trace trace = Trace.current();
        return trace == null ? Tensor.constant(shape, dtype(), host()) : trace.read(this);
    }

    /// Gives the variable a new value.
    ///
    /// @return `value`
    /// @throws ShapeException if shape or type differ
    public Tensor assign(Tensor value) {
        if (!value.shape().equals(shape) || value.dtype() != dtype()) {
            throw new ShapeException(
                    "assign to " + name + ": expected " + dtype() + shape + ", got " + value.dtype() + value.shape());
        }
        Trace trace = Trace.current();
        if (trace == null) {
            value.read(from -> hostForWriting().copyFrom(from.asSlice(0, bytes())));
        } else if (group.size() == shape.size()) {
            trace.assign(group, value.reshape(group.size()));
        } else {
            trace.assign(group, new WriteWindow(this).on(trace.value(group), value));
        }
        return value;
    }

    /// This variable's part of its group's memory on the host, up to date. For reading.
    public MemorySegment host() {
        return group.host().asSlice((long) offset * dtype().bytes(), bytes());
    }

    /// As [#host], for writing: afterwards this is the newest value.
    public MemorySegment hostForWriting() {
        return group.hostForWriting().asSlice((long) offset * dtype().bytes(), bytes());
    }

    private long bytes() {
        return shape.size() * dtype().bytes();
    }

    /// A copy of the values, row-major.
    public float[] toArray() {
        requireFloats();
        return host().toArray(ValueLayout.JAVA_FLOAT);
    }

    /// Sets all values, row-major.
    public void set(float... values) {
        requireFloats();
        if (values.length != shape.size()) {
            throw new ShapeException(
                    name + ": expected " + shape.size() + " values for " + shape + ", got " + values.length);
        }
        MemorySegment.copy(values, 0, hostForWriting(), ValueLayout.JAVA_FLOAT, 0, values.length);
    }

    private void requireFloats() {
        if (dtype() != DType.F32) {
            throw new ShapeException(name + " is " + dtype() + ", not F32");
        }
    }

    @Override
    public String toString() {
        return name + shape;
    }

    /// A variable's part of its group's flat value.
    record Window(Variable variable) implements Op.View {
        @Override
        public Shape shapeOf(Shape... in) {
            return variable.shape;
        }

        @Override
        public DType typeOf(DType... in) {
            return in[0];
        }

        @Override
        public long offset(Shape in) {
            return variable.offset;
        }

        @Override
        public List<Tensor> gradient(Call call, Tensor dy) {
            throw new IllegalStateException("gradients end at variables; ask for the gradient of " + variable.name);
        }
    }
}
