package org.jmoco.tensor.backend.jvm.products;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The source of a micro-kernel of so many rows and vectors of columns.
///
/// **Why it is written out.** The compiler keeps sums in registers only as local variables. They start from
/// `FloatVector.zero` and not from a constant field, and the loads are not behind a helper: either way the compiler
/// gives up on registers and allocates an object for every vector.
///
/// **Addresses.** Operands are compared with their memory once, by [Panels#multiply]; a kernel works on addresses.
/// The compiler looks at the sign of each, unless it knows it: so an address goes through `OffHeap.address`. What is
/// added to it, a row's place in its tile, is known to fit into an `int`, and becomes part of the load. That takes a
/// register a row: with more than eight the compiler would keep some in vector registers, and they stay additions.
///
/// **Fences.** Within straight code the compiler puts all broadcasts of a k first, and they need more registers than
/// there are. So groups of rows are parted by a branch that is never taken, as no operand lies at so low an address:
/// its other side would need all sums, so none of them is put off. A group has as many rows as there are registers
/// beside the sums and the right-hand side.
///
/// **One k a turn.** Two would save a few instructions, but in one process of eight the compiler left a call in so long
/// a loop, and all sums were spilled around it.
///
/// In the folder `tensor`, `java src/test/java/org/jmoco/tensor/backend/jvm/products/KernelTemplate.java` writes all of
/// them anew.
final class KernelTemplate {
    /// Rows and vectors of the kernels there are, and rows of a group.
    static final List<KernelTemplate> ALL = List.of(
            new KernelTemplate(6, 4, 3),
            new KernelTemplate(8, 3, 4),
            new KernelTemplate(12, 2, 4),
            new KernelTemplate(14, 1, 14),
            new KernelTemplate(12, 1, 3),
            new KernelTemplate(6, 2, 2));

    private static final String VECTORS = "xyzw";

    private final int rows;
    private final int vectors;
    private final int group;
    private final StringBuilder source = new StringBuilder();

    private KernelTemplate(int rows, int vectors, int group) {
        this.rows = rows;
        this.vectors = vectors;
        this.group = group;
    }

    public static void main(String[] arguments) throws IOException {
        for (KernelTemplate kernel : ALL) {
            Files.writeString(kernel.file(), kernel.source());
        }
    }

    String name() {
        return "VectorKernel" + rows + "x" + vectors;
    }

    /// In the folder of this module.
    Path file() {
        return Path.of("src/main/java/org/jmoco/tensor/backend/jvm/products", name() + ".java");
    }

    String source() {
        source.setLength(0);
        line(0, "package org.jmoco.tensor.backend.jvm.products;");
        line(0, "");
        line(0, "import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;");
        line(0, "");
        line(0, "import jdk.incubator.vector.FloatVector;");
        line(0, "import org.jmoco.tensor.backend.jvm.runtime.OffHeap;");
        line(0, "");
        line(
                0,
                "/// The [MicroKernel] of " + rows + " rows × " + vectors + (vectors == 1 ? " vector" : " vectors")
                        + ". Written by `KernelTemplate`, which says why it is so.");
        line(0, "final class " + name() + " extends VectorKernel {");
        line(1, name() + "() {");
        line(2, "super(" + rows + ", " + vectors + ");");
        line(1, "}");
        line(0, "");
        line(1, "@Override");
        line(1, "void run(Left left, int row, Right right, Rows start, Rows c) {");
        sums();
        results();
        line(1, "}");
        line(0, "}");
        return source.toString();
    }

    private void sums() {
        line(2, "int[] runs = left.runs();");
        line(2, "int count = left.count();");
        line(2, "long aStep = left.kStride() * 4L;");
        line(2, "long bStep = right.step();");
        line(2, "long b = right.base();");
        line(2, "long a = left.base();");
        line(2, "int[] aRows = left.rows();");
        if (near()) {
            line(2, "long least = aRows[row];");
            for (int r = 1; r < rows; r++) {
                line(2, "least = Math.min(least, aRows[row" + plus(r) + "]);");
            }
        }
        for (int r = 0; r < rows; r++) {
            line(
                    2,
                    "long a" + r + " = "
                            + (near()
                                    ? "Left.distance((aRows[row" + plus(r) + "] - least) * 4L);"
                                    : "OffHeap.address(a + aRows[row" + plus(r) + "] * 4L);"));
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                line(2, "FloatVector " + sum(v, r) + " = FloatVector.zero(SPECIES);");
            }
        }
        line(2, "for (int u = 0; u < runs.length; u++) {");
        line(3, "long ak = OffHeap.address(" + (near() ? "a + (least + runs[u]) * 4L" : "runs[u] * 4L") + ");");
        line(3, "long bk = OffHeap.address(b + (long) u * count * bStep);");
        line(3, "for (int k = 0; k < count; k++) {");
        for (int v = 0; v < vectors; v++) {
            line(4, "FloatVector " + VECTORS.charAt(v) + " = " + load("bk", v) + ";");
        }
        for (int r = 0; r < rows; r++) {
            if (r > 0 && r % group == 0) {
                line(4, "if (bk == " + r + ") {");
                line(5, "break;");
                line(4, "}");
            }
            line(
                    4,
                    "FloatVector v" + r + " = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, ak + a" + r
                            + "));");
            for (int v = 0; v < vectors; v++) {
                line(4, sum(v, r) + " = v" + r + ".fma(" + VECTORS.charAt(v) + ", " + sum(v, r) + ");");
            }
        }
        line(4, "ak = OffHeap.address(ak + aStep);");
        line(4, "bk = OffHeap.address(bk + bStep);");
        line(3, "}");
        line(2, "}");
    }

    /// Whether a row is known by its distance from the first in memory, else by its address.
    private boolean near() {
        return rows <= 8;
    }

    /// All rows are read before one is written: those behind the last are copies of it.
    private void results() {
        line(2, "long s = start.base();");
        line(2, "int[] sRows = start.rows();");
        for (int r = 0; r < rows; r++) {
            line(2, "long s" + r + " = OffHeap.address(s + sRows[row" + plus(r) + "] * 4L);");
            for (int v = 0; v < vectors; v++) {
                line(2, sum(v, r) + " = " + load("s" + r, v) + ".add(" + sum(v, r) + ");");
            }
        }
        line(2, "long to = c.base();");
        line(2, "int[] cRows = c.rows();");
        for (int r = 0; r < rows; r++) {
            line(2, "long c" + r + " = OffHeap.address(to + cRows[row" + plus(r) + "] * 4L);");
            for (int v = 0; v < vectors; v++) {
                line(2, sum(v, r) + ".intoMemorySegment(ALL, " + place("c" + r, v) + ", ORDER);");
            }
        }
    }

    private static String load(String from, int vector) {
        return "FloatVector.fromMemorySegment(SPECIES, ALL, " + place(from, vector) + ", ORDER)";
    }

    private static String place(String from, int vector) {
        return from + (vector == 0 ? "" : vector == 1 ? " + VECTOR" : " + " + vector + " * VECTOR");
    }

    private static String sum(int vector, int row) {
        return "" + VECTORS.charAt(vector) + row;
    }

    private static String plus(int r) {
        return r == 0 ? "" : " + " + r;
    }

    private void line(int depth, String text) {
        source.append(text.isEmpty() ? "" : "    ".repeat(depth)).append(text).append('\n');
    }
}
