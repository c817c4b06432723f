package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.weights.pickle.PickleBytes;
import org.jmoco.nn.weights.pickle.PyGlobal;
import org.jmoco.nn.weights.pickle.Unpickler;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.params.provider.MethodSource;

/// One pickle by itself, of any protocol. A file that names a class or a function gets an inert record of it.
class PickleFuzz {
    private static final Bounds BOUNDS = new Bounds(FormatException.class, 1 << 20, 512);

    private static final Unpickler.Host NOTHING = new Unpickler.Host() {
        @Override
        public Object persistent(Object id) {
            return id;
        }

        @Override
        public Object call(PyGlobal global, List<Object> arguments) {
            return null;
        }
    };

    /// The first is what a pickle that attacks its reader looks like; then numbers, texts, containers and objects
    /// in the opcodes of several protocols.
    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.texts(
                        "cos\nsystem\n(S'rm -rf /'\ntR.",
                        "cjava.lang.Runtime\nexec\n(S'x'\ntR.",
                        "(dp0\nS'state_dict'\np1\n(lp2\nI1\naF2.5\naL12345678901234567890L\nasVu\\u00e9\n(lg1\na(I1\nI2\ntas.",
                        "ccollections\nOrderedDict\n((lp0\n(S'a'\nI1\nltp1\natR.",
                        "(ic\nd\n}(S'k'\nNsb."),
                Seeds.files("nn/src/test/resources/org/jmoco/nn/weights", "dtypes-legacy.pth.gz")
                        .map(file -> java.util.Arrays.copyOfRange(file, 0x0f, file.length)));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void pickle(byte[] file) {
        BOUNDS.hold(file, bytes -> {
            PickleBytes in = new PickleBytes("x.pkl", MemorySegment.ofArray(bytes));
            while (in.remaining() > 0) {
                Unpickler.read(in, NOTHING);
            }
        });
    }
}
