package org.jmoco.tensor.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.ops.random.AdvanceRandom;

/// Seed and step of the random numbers that programs draw, kept in a variable so that a checkpoint holds them.
///
/// ```java
/// RandomState random = new RandomState("random", 42);
/// int mask = random.newStream();
/// Program step = Program.trace("step", p -> {
///     p.output("y", p.input("x", Shape.of(8)).dropout(0.5f, random.read(), mask));
///     random.advance();                 // the next run draws other numbers
/// });
/// ```
/// Every op that draws needs a stream of its own: two ops on one stream draw the same numbers. Numbers depend on
/// seed, step and stream alone.
public final class RandomState {
    private final Variable variable;
    private int streams;

    /// @param name of the variable
    public RandomState(String name, long seed) {
        variable = Variable.zeros(name, Shape.of(4), DType.I32);
        seed(seed);
    }

    /// The state as it is stored: `[4]` of I32, the seed's low and high word, the step's low and high word.
    public Variable variable() {
        return variable;
    }

    /// Starts over from step 0 of this seed. Not inside a trace.
    public void seed(long seed) {
        MemorySegment memory = variable.hostForWriting();
        memory.setAtIndex(ValueLayout.JAVA_INT, 0, (int) seed);
        memory.setAtIndex(ValueLayout.JAVA_INT, 1, (int) (seed >>> 32));
        memory.setAtIndex(ValueLayout.JAVA_INT, 2, 0);
        memory.setAtIndex(ValueLayout.JAVA_INT, 3, 0);
    }

    /// How often [#advance] took place since the seed was set.
    public long step() {
        MemorySegment memory = variable.host();
        return memory.getAtIndex(ValueLayout.JAVA_INT, 2) & 0xFFFFFFFFL
                | (long) memory.getAtIndex(ValueLayout.JAVA_INT, 3) << 32;
    }

    /// A stream that nobody else draws from: 0, 1, 2, … in the order of asking.
    public int newStream() {
        return streams++;
    }

    /// The operand of ops that draw: inside a trace the state at this point of it.
    public Tensor read() {
        return variable.read();
    }

    /// Moves on to the next step: within a trace from this point of every run on, outside at once.
    public void advance() {
        variable.assign(new AdvanceRandom().on(variable.read()));
    }
}
