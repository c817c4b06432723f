package org.jmoco.eval.svm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// The costs `C` that the VOC07 benchmarks try, in the order in which they try them: of equally good costs the
/// first is taken.
///
/// @param name of the code base that tries them @param costs each above 0
public record CostList(String name, List<Double> costs) {

    /// MMSelfSup (0.x and 1.x) and OpenSelfSup: 1, 10, 100 and 0.5⁴ … 0.5¹⁹.
    public static final CostList MMSELFSUP = new CostList("mmselfsup", withPowers(1, 10, 100));

    /// The command lines of the FAIR self-supervision benchmark: 1e-7 … 100 by tens and 0.5⁴ … 0.5¹⁹.
    public static final CostList FAIR =
            new CostList("fair", withPowers(1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100));

    /// VISSL.
    public static final CostList VISSL =
            new CostList("vissl", List.of(0.01, 0.1, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 50.0, 100.0, 1000.0));

    /// @throws DataException if there are no costs or one is not above 0
    public CostList {
        costs = List.copyOf(costs);
        if (costs.isEmpty() || !costs.stream().allMatch(c -> c > 0 && Double.isFinite(c))) {
            throw new DataException("SVM costs must be one or more numbers above 0, got " + costs);
        }
    }

    /// A list by name: `mmselfsup`, `fair` or `vissl`.
    ///
    /// @throws DataException for another name
    public static CostList named(String name) {
        return Arrays.asList(MMSELFSUP, FAIR, VISSL).stream()
                .filter(l -> l.name.equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new DataException("unknown SVM cost list '" + name + "'; known: mmselfsup, fair, vissl"));
    }

    /// A list of one's own, as in `"1,10,100"`.
    ///
    /// @throws DataException if it is not numbers above 0 with commas between them
    public static CostList parse(String text) {
        try {
            return new CostList(
                    "own",
                    Arrays.stream(text.split(",", -1))
                            .map(c -> Double.valueOf(c.strip()))
                            .toList());
        } catch (NumberFormatException e) {
            throw new DataException("SVM costs must be numbers with commas between them, got '" + text + "'", e);
        }
    }

    /// The costs as an array.
    public double[] toArray() {
        return costs.stream().mapToDouble(c -> c).toArray();
    }

    private static List<Double> withPowers(double... initial) {
        return DoubleStream.concat(
                        DoubleStream.of(initial),
                        IntStream.rangeClosed(4, 19).mapToDouble(n -> StrictMath.scalb(1.0, -n)))
                .boxed()
                .toList();
    }
}
