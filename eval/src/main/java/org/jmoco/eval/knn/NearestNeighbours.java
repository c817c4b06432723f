package org.jmoco.eval.knn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;

/// Finds the bank rows of the largest cosine with each query: exactly those that float64 arithmetic finds.
///
/// Similarities come from float32 matrix products on the device, block by block. Their error is at most (d +
/// 4)·2⁻²⁴, so all rows within twice that of the k-th best are kept, and only these are compared in float64.
///
/// Threads may share one; it looks for one at a time. It holds a block of the bank on the device, and as many
/// similarities, until it is closed.
public final class NearestNeighbours implements AutoCloseable {
    private static final int QUERIES_AT_ONCE = 256;
    private static final int BANK_AT_ONCE = 16_384;

    private final UnitRows bank;
    private final int chunk;
    private final Variable rows;
    private final Compiled products;

    /// @param bank `[n, d]`, kept by reference
    /// @throws IllegalArgumentException if it is of another shape or type, or holds a value that is not finite
    public NearestNeighbours(Device device, ArrayData bank) {
        this.bank = new UnitRows("bank", bank);
        int d = this.bank.d;
        chunk = Math.min(this.bank.n, BANK_AT_ONCE);
        rows = Variable.zeros("bank", Shape.of(chunk, d));
        products = device.compile(Program.trace("knn", p -> {
            Tensor queries = p.input("queries", Shape.of(QUERIES_AT_ONCE, d));
            p.output("similarities", queries.matmul(rows.read(), false, true));
        }));
    }

    @Override
    public void close() {
        products.close();
        rows.group().close();
    }

    /// Rows of the bank.
    public int size() {
        return bank.n;
    }

    /// The k nearest rows of every query.
    ///
    /// @param queries `[m, d]`
    /// @throws IllegalArgumentException if they are not as wide as the bank, or if the bank has fewer than k rows
    public synchronized Neighbours of(ArrayData queries, int k) {
        UnitRows q = new UnitRows("queries", queries);
        if (q.d != bank.d) {
            throw new IllegalArgumentException("knn: queries have " + q.d + " columns, the bank has " + bank.d);
        }
        if (k < 1 || k > bank.n) {
            throw new IllegalArgumentException(
                    "knn: k must lie between 1 and the bank's " + bank.n + " rows, got " + k);
        }
        float slack = 2 * (bank.d + 4) * 0x1p-24f;
        Neighbours found = new Neighbours(k, new int[Math.multiplyExact(q.n, k)], new double[q.n * k]);
        for (int first = 0; first < q.n; first += QUERIES_AT_ONCE) {
            q.copyTo(products.input("queries"), first, QUERIES_AT_ONCE);
            int block = Math.min(QUERIES_AT_ONCE, q.n - first);
            Candidates[] candidates = IntStream.range(0, block)
                    .mapToObj(i -> new Candidates(k, slack))
                    .toArray(Candidates[]::new);
            for (int from = 0; from < bank.n; from += chunk) {
                scan(candidates, from);
            }
            int start = first;
            IntStream.range(0, block).parallel().forEach(i -> rank(q, start + i, candidates[i].rows(), found));
        }
        return found;
    }

    private void scan(Candidates[] candidates, int from) {
        if (bank.n > chunk || from == 0) {
            bank.copyTo(rows.hostForWriting(), from, chunk);
        }
        MemorySegment similarities = products.run().output("similarities");
        int valid = Math.min(chunk, bank.n - from);
        IntStream.range(0, candidates.length).parallel().forEach(i -> {
            Candidates c = candidates[i];
            float limit = c.limit();
            long at = (long) i * chunk;
            for (int j = 0; j < valid; j++) {
                float s = similarities.getAtIndex(ValueLayout.JAVA_FLOAT, at + j);
                if (s >= limit) {
                    c.offer(s, from + j);
                    limit = c.limit();
                }
            }
        });
    }

    private void rank(UnitRows queries, int query, int[] candidates, Neighbours found) {
        record Near(int row, double similarity) {}
        Near[] sorted = IntStream.of(candidates)
                .mapToObj(row -> new Near(row, UnitRows.cosine(queries, query, bank, row)))
                .sorted(Comparator.comparingDouble(Near::similarity).reversed().thenComparingInt(Near::row))
                .toArray(Near[]::new);
        for (int r = 0; r < found.k(); r++) {
            found.rows()[query * found.k() + r] = sorted[r].row();
            found.similarities()[query * found.k() + r] = sorted[r].similarity();
        }
    }
}
