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
/// **Bounds.** Operands are compared with their memory once, by [Panels#multiply]; a kernel works on addresses. Of
/// each load only a look at the sign is left, and not even that behind `OffHeap.address`, which clears it.
///
/// **Why some rows keep that look.** It costs a comparison and a jump that is never taken, and the compiler moves no
/// load across it. Without any all broadcasts of a k come first, and need more registers than there are. So the first
/// row of each group keeps it: as many rows as there are registers beside the sums and the right-hand side.
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
            new KernelTemplate(6, 2, 1));

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
        for (int r = 0; r < rows; r++) {
            String address = "a + aRows[row" + plus(r) + "] * 4L";
            line(2, "long a" + r + " = " + (looked(r) ? address : "OffHeap.address(" + address + ")") + ";");
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                line(2, "FloatVector " + sum(v, r) + " = FloatVector.zero(SPECIES);");
            }
        }
        line(2, "for (int u = 0; u < runs.length; u++) {");
        line(3, "long ak = runs[u] * 4L;");
        line(3, "long bRun = OffHeap.address(b + (long) u * count * bStep);");
        line(3, "for (int k = 0; k < count; k++) {");
        line(4, "long bk = bRun + k * bStep;");
        if (group > 1) {
            line(4, "long some = OffHeap.address(ak);");
        }
        for (int v = 0; v < vectors; v++) {
            line(4, "FloatVector " + VECTORS.charAt(v) + " = " + load("bk", v) + ";");
        }
        for (int r = 0; r < rows; r++) {
            line(
                    4,
                    "FloatVector v" + r + " = FloatVector.broadcast(SPECIES, ALL.get(JAVA_FLOAT_UNALIGNED, a" + r
                            + " + " + (looked(r) ? "ak" : "some") + "));");
            for (int v = 0; v < vectors; v++) {
                line(4, sum(v, r) + " = v" + r + ".fma(" + VECTORS.charAt(v) + ", " + sum(v, r) + ");");
            }
        }
        line(4, "ak += aStep;");
        line(3, "}");
        line(2, "}");
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

    private boolean looked(int row) {
        return row % group == 0;
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
