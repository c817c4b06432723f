package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.plan.MemoryUse;
import org.jmoco.tensor.plan.Plan;

/// A program ready to run on a device.
///
/// ```java
/// float loss = device.compile(step).feed("x", images).feed("learningRate", 0.1f).run().scalar("loss");
/// ```
/// **Threads.** What is fed and what comes out belongs to the program, so feeding, running and fetching are one turn of
/// one thread. Threads with programs of their own need no care: each waits for the device. Threads that share a program
/// take turns:
///
/// ```java
/// synchronized (compiled) {
///     rows = compiled.feed("x", images).run().floats("rows");
/// }
/// ```
/// Without that a thread never gets another's numbers: whoever feeds takes the program over, and a thread whose turn
/// was broken so is refused with an [IllegalStateException] when it runs or fetches.
///
/// **Pauses.** A program may stop on its way for the host to look at some outputs and make inputs of them:
///
/// ```java
/// step.feed("images", images).run(Set.of("scores"), () -> {
///     step.feed("chosen", best(step.floats("scores")));
///     return true;                                                        // go on
/// });
/// ```
/// **Lifetime.** Inputs, outputs and its share of what programs of a device have in common are held until the
/// program is closed, its device is closed, or nobody refers to it and the garbage collector comes by. Using it
/// afterwards is an [IllegalStateException].
public final class Compiled implements AutoCloseable {
    private static final long NOBODY = -1;
    private static final String TURNS =
            "feed, run and fetch in one synchronized (compiled) { … }, or trace a program " + "for each thread";

    private final Device device;
    private final Graph graph;
    private final Executable executable;
    private final Set<String> needed;
    private final Set<String> fed = new HashSet<>();
    private long feeder = NOBODY; // the thread that has fed last; `fed` is what it has fed
    private long runner = NOBODY; // the thread whose results are there
    private boolean overtaken; // whether a thread has taken the program over from another
    private boolean lent; // whether somebody holds memory of inputs or outputs
    private boolean closed;
    private Set<String> arrived; // the outputs that are there; null but in a pause

    Compiled(Device device, Graph graph, Executable executable) {
        this.device = device;
        this.graph = graph;
        this.executable = executable;
        needed = needed(graph);
    }

    /// The inputs that something depends on.
    private static Set<String> needed(Graph graph) {
        Set<Node> read = new HashSet<>(graph.outputs().values());
        read.addAll(graph.stores().values());
        graph.nodes().forEach(n -> read.addAll(n.inputs()));
        Set<String> needed = new LinkedHashSet<>(graph.inputs().keySet());
        needed.removeIf(label -> !read.contains(graph.inputs().get(label)));
        return needed;
    }

    /// Sets a float input for the next runs, row-major.
    ///
    /// @throws ShapeException if type or number of the values is not the input's
    public Compiled feed(String input, float... values) {
        check(input, DType.F32, values.length);
        return fed(input, to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_FLOAT, 0, values.length));
    }

    /// Sets an integer input for the next runs, row-major.
    public Compiled feed(String input, int... values) {
        check(input, DType.I32, values.length);
        return fed(input, to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_INT, 0, values.length));
    }

    /// Sets an input of bytes for the next runs, row-major.
    public Compiled feed(String input, byte... values) {
        check(input, DType.U8, values.length);
        return fed(input, to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_BYTE, 0, values.length));
    }

    /// Sets an input of any type from memory holding exactly its elements.
    public Compiled feed(String input, MemorySegment values) {
        Node n = node(input);
        check(input, n.dtype(), values.byteSize() / n.dtype().bytes());
        return fed(input, to -> MemorySegment.copy(values, 0, to, 0, values.byteSize()));
    }

    /// The memory an input is read from, for writing it without a copy; asking for it counts as feeding it. It is the
    /// calling thread's until another one feeds the program, and no longer accessible then.
    public MemorySegment input(String input) {
        node(input);
        MemorySegment[] memory = new MemorySegment[1];
        fed(input, to -> {
            memory[0] = to;
            lent = true;
        });
        return memory[0];
    }

    private Compiled fed(String input, Consumer<MemorySegment> write) {
        return alone(() -> {
            long me = Thread.currentThread().threadId();
            if (feeder != me) {
                takeOver(me);
            }
            write.accept(executable.input(input));
            fed.add(input);
            return this;
        });
    }

    /// What another thread has fed counts no longer, and what memory it holds is no longer the program's.
    private void takeOver(long me) {
        overtaken |= feeder != NOBODY;
        fed.clear();
        if (lent) {
            executable.renew();
            lent = false;
            runner = NOBODY;
        }
        feeder = me;
    }

    /// Runs the program once; waits for the one that is running on the device.
    ///
    /// @throws IllegalStateException if an input was not fed, or not by this thread, or if the device was closed
    public Compiled run() {
        return alone(() -> {
            long me = begin(needed);
            executable.run();
            runner = me;
            return this;
        });
    }

    /// Runs the program once, with a pause for the host. Ops run in the order of tracing: up to the last one that
    /// makes the outputs asked for, then all others. Nothing else computes on the device meanwhile.
    ///
    /// @param outputs that can be fetched in the pause
    /// @param pause   fetches them, and feeds what no op before it reads and was not fed; false ends the run there,
    ///     and variables that ops before it write may have changed
    /// @return what the pause said, and so whether the other outputs are there
    /// @throws IllegalStateException if an input was not fed when it was read, or not by this thread, or if the
    ///     device was closed
    /// @throws IllegalArgumentException if the program has no such output
    public boolean run(Set<String> outputs, BooleanSupplier pause) {
        outputs.forEach(this::known);
        return alone(() -> {
            Plan plan = plan();
            Set<String> first = plan.inputsOf(plan.steps().subList(0, plan.stepsUntil(outputs)));
            long me = begin(needed.stream().filter(first::contains).toList());
            boolean whole = executable.run(outputs, () -> pause(me, outputs, pause));
            runner = whole ? me : NOBODY;
            return whole;
        });
    }

    private boolean pause(long me, Set<String> outputs, BooleanSupplier pause) {
        runner = me;
        arrived = outputs;
        boolean goesOn;
        try {
            goesOn = device.pause(this, pause);
        } finally {
            arrived = null;
            runner = NOBODY;
        }
        if (goesOn) {
            requireFed(me, needed);
        }
        return goesOn;
    }

    /// Takes the turn, if all is fed that has to be.
    private long begin(Collection<String> inputs) {
        if (arrived != null) {
            throw new IllegalStateException("program " + graph.name() + " pauses; it cannot run meanwhile");
        }
        long me = Thread.currentThread().threadId();
        requireFed(me, inputs);
        if (feeder != me) {
            takeOver(me); // nothing has to be fed
        }
        runner = NOBODY;
        return me;
    }

    private void requireFed(long me, Collection<String> inputs) {
        for (String input : inputs) {
            if (feeder != NOBODY && feeder != me) {
                throw new IllegalStateException(
                        "program " + graph.name() + ", input " + input + ": another thread has fed it; " + TURNS);
            }
            if (!fed.contains(input)) {
                throw new IllegalStateException("program " + graph.name() + ", input " + input
                        + (overtaken
                                ? ": not fed since another thread has used the program; " + TURNS
                                : " was never fed; call feed(\"" + input + "\", …) before run()"));
            }
        }
    }

    /// A copy of a float output of the last run.
    ///
    /// @throws IllegalStateException if the program has not run, or if another thread's run was the last
    public float[] floats(String output) {
        require(output, DType.F32);
        return fetched(output, memory -> memory.toArray(ValueLayout.JAVA_FLOAT));
    }

    /// A copy of an integer output of the last run.
    public int[] ints(String output) {
        require(output, DType.I32);
        return fetched(output, memory -> memory.toArray(ValueLayout.JAVA_INT));
    }

    /// A float output of one element.
    public float scalar(String output) {
        Node n = require(output, DType.F32);
        if (n.shape().size() != 1) {
            throw new ShapeException("program " + graph.name() + ", output " + output + " is " + n.shape()
                    + ", not one element; use floats()");
        }
        return fetched(output, memory -> memory.get(ValueLayout.JAVA_FLOAT, 0));
    }

    /// The memory an output of the last run lies in until the next run, or until another thread feeds the program.
    public MemorySegment output(String output) {
        known(output);
        return fetched(output, memory -> {
            lent = true;
            return memory;
        });
    }

    private <T> T fetched(String output, Function<MemorySegment, T> read) {
        return alone(() -> {
            if (runner != Thread.currentThread().threadId()) {
                throw new IllegalStateException("program " + graph.name() + ", output " + output
                        + (runner == NOBODY && !overtaken
                                ? ": there is none before run()"
                                : ": the last run was not this thread's; " + TURNS));
            }
            if (arrived != null && !arrived.contains(output)) {
                throw new IllegalStateException("program " + graph.name() + ", output " + output
                        + ": not there yet; the pause was asked for when there are " + arrived);
            }
            return read.apply(executable.output(output));
        });
    }

    private <T> T alone(Supplier<T> action) {
        return device.alone(this, () -> {
            if (closed) {
                throw new IllegalStateException("program " + graph.name() + " was closed; compile it again");
            }
            return action.get();
        });
    }

    /// Gives back what the program holds; a second time does nothing.
    @Override
    public void close() {
        device.release(this);
    }

    /// For the device, which has the turn.
    void closeExecutable() {
        closed = true;
        executable.close();
    }

    public Plan plan() {
        return executable.plan();
    }

    /// The memory this program needs.
    public MemoryUse memory() {
        return executable.memory();
    }

    private Node known(String output) {
        Node n = graph.outputs().get(output);
        if (n == null) {
            throw new IllegalArgumentException("program " + graph.name() + " has no output " + output + "; it has "
                    + graph.outputs().keySet());
        }
        return n;
    }

    private Node require(String output, DType dtype) {
        Node n = known(output);
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
