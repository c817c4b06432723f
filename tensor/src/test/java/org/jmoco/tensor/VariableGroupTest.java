package org.jmoco.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariableGroupTest {
    @Test
    void variablesKeepTheirValuesInTheBlockTheyAreJoinedIn() {
        Variable a = Variable.of("a", Shape.of(3), 1, 2, 3);
        Variable untouched = Variable.zeros("b", Shape.of(2));
        Variable c = Variable.of("c", Shape.of(2), 4, 5);
        VariableGroup g = VariableGroup.join("all", List.of(a, untouched, c));
        assertSame(g, c.group());
        assertArrayEquals(new float[] {1, 2, 3}, a.toArray());
        assertArrayEquals(new float[] {0, 0}, untouched.toArray());
        assertArrayEquals(new float[] {4, 5}, c.toArray());
        assertEquals(48, g.size());
    }

    @Test
    void whatAVariableLeavesIsGivenBackAtOnce() {
        Variable a = Variable.of("a", Shape.of(3), 1, 2, 3);
        MemorySegment before = a.host();
        VariableGroup.join("all", List.of(a));
        assertThrows(IllegalStateException.class, () -> before.get(ValueLayout.JAVA_FLOAT, 0));
    }

    @Test
    void aBlockStaysWhileAVariableIsInIt() {
        Variable a = Variable.of("a", Shape.of(1), 1);
        Variable b = Variable.of("b", Shape.of(1), 2);
        VariableGroup.join("both", List.of(a, b));
        VariableGroup.join("one", List.of(a));
        assertArrayEquals(new float[] {1}, a.toArray());
        assertArrayEquals(new float[] {2}, b.toArray());
    }
}
