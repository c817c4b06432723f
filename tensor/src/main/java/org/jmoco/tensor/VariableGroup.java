package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.backend.OwnedMemory;

/// Variables that lie one after another in one block of memory, so that an optimiser or a moving average covers
/// them in one sweep.
///
/// In a graph a group is one flat value `[size]`; its variables are windows on it. A variable begins at a multiple
/// of 16 elements (64 bytes); the elements between are 0 and stay 0 under every update that maps 0 to 0.
public final class VariableGroup implements AutoCloseable {
    private String name;
    private final DType dtype;
    private final List<Variable> variables = new ArrayList<>();
    private final int size;
    private OwnedMemory memory; // null as long as nobody has asked for it: all zeros
    private boolean traced;
    private boolean closed;
    private volatile Residency residency = Residency.HOST;

    private VariableGroup(String name, DType dtype, int size) {
        this.name = name;
        this.dtype = dtype;
        this.size = size;
    }

    /// The block of a variable that lies alone.
    static VariableGroup single(String name, DType dtype, Variable variable, Shape shape) {
        if (shape.size() > Integer.MAX_VALUE) {
            throw new ShapeException("variable " + name + shape + " has " + shape.size() + " elements, at most "
                    + Integer.MAX_VALUE + " fit");
        }
        VariableGroup g = new VariableGroup(name, dtype, (int) shape.size());
        g.variables.add(variable);
        return g;
    }

    /// Moves `variables` into one block, in this order, keeping their values. Do this before the first program
    /// that uses them is traced.
    ///
    /// @throws IllegalStateException if a traced program knows one of them at its old place
    public static VariableGroup join(String name, List<Variable> variables) {
        DType dtype = variables.isEmpty() ? DType.F32 : variables.getFirst().dtype();
        int size = 0;
        int[] offsets = new int[variables.size()];
        for (int i = 0; i < offsets.length; i++) {
            Variable v = variables.get(i);
            if (v.dtype() != dtype) {
                throw new IllegalArgumentException(
                        "variable group " + name + ": " + v.name() + " is " + v.dtype() + ", the group holds " + dtype);
            }
            if (v.group().traced) {
                throw new IllegalStateException("variable group " + name + ": " + v.name()
                        + " is already used by a traced program; join variables before tracing");
            }
            offsets[i] = size;
            size = Math.addExact(size, align(v.shape().size()));
        }
        VariableGroup g = new VariableGroup(name, dtype, size);
        for (int i = 0; i < offsets.length; i++) {
            Variable v = variables.get(i);
            VariableGroup old = v.group();
            if (old.memory != null) {
                MemorySegment.copy(
                        v.host(),
                        0,
                        g.host(),
                        (long) offsets[i] * dtype.bytes(),
                        v.shape().size() * dtype.bytes());
            }
            v.moveTo(g, offsets[i]);
            g.variables.add(v);
            old.abandon(v);
        }
        return g;
    }

    /// Gives the memory back when the last variable has moved elsewhere.
    private void abandon(Variable moved) {
        variables.remove(moved);
        if (variables.isEmpty() && memory != null) {
            memory.close();
            memory = null;
        }
    }

    /// A new group of zeros with the same layout, for momentum, accumulated gradients or a key encoder.
    public VariableGroup like(String newName) {
        List<Variable> copies = variables.stream()
                .map(v -> Variable.zeros(newName + "." + v.name(), v.shape()))
                .toList();
        return join(newName, copies);
    }

    private static int align(long elements) {
        return Math.toIntExact((elements + 15) / 16 * 16);
    }

    public String name() {
        return name;
    }

    public DType dtype() {
        return dtype;
    }

    /// Elements, gaps included.
    public int size() {
        return size;
    }

    public List<Variable> variables() {
        return List.copyOf(variables);
    }

    /// The whole group as a flat tensor `[size]`: inside a trace the last value assigned, outside a copy of the
    /// present one.
    public Tensor read() {
        Trace trace = Trace.current();
        return trace == null ? Tensor.constant(Shape.of(size), dtype, host()) : trace.value(this);
    }

    /// Gives the whole group a new value, `[size]`.
    ///
    /// @return `value`, seen flat
    public Tensor assign(Tensor value) {
        if (value.dtype() != dtype || value.shape().size() != size) {
            throw new ShapeException("assign to " + name + ": expected " + dtype + "[" + size + "], got "
                    + value.dtype() + value.shape());
        }
        Tensor flat = value.reshape(size);
        Trace trace = Trace.current();
        if (trace != null) {
            trace.assign(this, flat);
        } else {
            long bytes = (long) size * dtype.bytes();
            flat.read(from -> hostForWriting().asSlice(0, bytes).copyFrom(from.asSlice(0, bytes)));
        }
        return flat;
    }

    /// The group's memory on the host, brought up to date first. For reading.
    public MemorySegment host() {
        residency.toHost(this);
        return memory();
    }

    /// The group's memory on the host, brought up to date first and from now on the only valid copy.
    public MemorySegment hostForWriting() {
        residency.toHost(this);
        residency = Residency.HOST;
        return memory();
    }

    /// The host memory, taken when it is first wanted: what an optimiser joins into a block of its own never has
    /// memory of its own.
    private synchronized MemorySegment memory() {
        if (closed) {
            throw new IllegalStateException("variable group " + name + " was closed; its values are gone");
        }
        if (memory == null) {
            memory = new OwnedMemory(Math.max(1, (long) size * dtype.bytes()));
        }
        return memory.segment();
    }

    /// Gives the memory back, here and on the device, values and all: reading or writing a variable of this
    /// group, and running a program that does, is an [IllegalStateException] from now on. Without this the memory
    /// goes when nobody refers to the group and the garbage collector comes by.
    @Override
    public synchronized void close() {
        residency.leave(this);
        residency = Residency.HOST;
        closed = true;
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }

    /// Says that the newest value lies elsewhere from now on. Backends with memory of their own call this.
    public void residesIn(Residency place) {
        residency = place;
    }

    public Residency residency() {
        return residency;
    }

    void renameIfSingle(String newName) {
        if (variables.size() == 1) {
            name = newName;
        }
    }

    void markTraced() {
        traced = true;
    }

    @Override
    public String toString() {
        return name + "[" + size + "]";
    }

    /// Where the newest value of a group lies.
    @FunctionalInterface
    public interface Residency {
        /// In the group's own memory.
        Residency HOST = group -> {};

        /// Copies the newest value into the group's host memory, if it is not there.
        void toHost(VariableGroup group);

        /// Gives back what the group holds there.
        default void leave(VariableGroup group) {}
    }
}
