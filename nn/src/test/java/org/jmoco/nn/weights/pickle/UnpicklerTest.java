package org.jmoco.nn.weights.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
    /// Knows nothing, so everything stays inert.
    static final Unpickler.Host NOTHING = new Unpickler.Host() {
        @Override
        public Object persistent(Object id) {
            throw new FormatException("p", "no persistent ids here");
        }

        @Override
        public Object call(PyGlobal global, List<Object> arguments) {
            return null;
        }
    };

    /// Text with each character one byte.
    private static Object read(String pickle) {
        return read(pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Object read(byte[] pickle) {
        return Unpickler.read(new PickleBytes("p", MemorySegment.ofArray(pickle)), NOTHING);
    }

    private static String refusal(String pickle) {
        return assertThrows(FormatException.class, () -> read(pickle)).getMessage();
    }

    @Test
    void numbersOfEveryProtocol() {
        assertEquals(42L, read("I42\n."));
        assertEquals(true, read("I01\n."));
        assertEquals(false, read("I00\n."));
        assertEquals(-7L, read("L-7L\n."));
        assertEquals(new BigInteger("9".repeat(30)), read("L" + "9".repeat(30) + "L\n."));
        assertEquals(1.5, read("F1.5\n."));
        assertEquals(-2L, read("J\u00fe\u00ff\u00ff\u00ff."));
        assertEquals(200L, read("K\u00c8."));
        assertEquals(0x1234L, read("M\u0034\u0012."));
        assertEquals(1.0, read("G\u003f\u00f0\0\0\0\0\0\0."));
        assertEquals(0L, read("\u008a\0."));
        assertEquals(-1L, read("\u008a\u0001\u00ff."));
        assertEquals(255L, read("\u008a\u0002\u00ff\0."));
        assertEquals(256L, read("\u008b\u0002\0\0\0\0\u0001."));
        assertEquals(true, read("\u0080\u0002\u0088."));
        assertEquals(false, read("\u0089."));
        assertNull(read("N."));
    }

    @Test
    void stringsOfEveryProtocol() {
        assertEquals("a'\n\u00e9\\q", read("S'a\\'\\n\\xe9\\q'\n."));
        assertEquals("\u20ac\ud83d\ude00x", read("V\\u20ac\\U0001F600x\n."));
        assertEquals("\u00e9", read("U\u0001\u00e9."));
        assertEquals("ab", read("T\u0002\0\0\0ab."));
        assertEquals("\u00e9", read("X\u0002\0\0\0\u00c3\u00a9."));
        assertEquals("\u00e9", read("\u008c\u0002\u00c3\u00a9."));
        assertEquals("x", read("\u008d\u0001\0\0\0\0\0\0\0x."));
        assertArrayEquals(new byte[] {1}, (byte[]) read("B\u0001\0\0\0\u0001."));
        assertArrayEquals(new byte[] {1}, (byte[]) read("C\u0001\u0001."));
        assertArrayEquals(new byte[] {1}, (byte[]) read("\u008e\u0001\0\0\0\0\0\0\0\u0001."));
        assertArrayEquals(new byte[] {1}, (byte[]) read("\u0096\u0001\0\0\0\0\0\0\0\u0001."));
    }

    @Test
    void containersAndMemo() {
        assertEquals(List.of(1L, 2L, 3L), read("(lK\u0001a(K\u0002K\u0003e."));
        assertEquals(List.of(1L), read("(K\u0001l."));
        assertEquals(List.of(1L, 2L), ((PyTuple) read("(K\u0001K\u0002t.")).items());
        assertEquals(List.of(1L, 2L, 3L), ((PyTuple) read("K\u0001K\u0002K\u0003\u0087.")).items());
        assertEquals(Map.of(1L, 2L), ((PyDict) read("(K\u0001K\u0002d.")).entries());
        assertEquals(Map.of("a", 1L, "b", 2L), ((PyDict) read("}U\u0001aK\u0001s(U\u0001bK\u0002u.")).entries());
        List<?> twice = (List<?>) read("](]q\u0001h\u0001e.");
        assertSame(twice.get(0), twice.get(1));
        twice = (List<?>) read("](]\u0094h\0e.");
        assertSame(twice.get(0), twice.get(1));
        twice = (List<?>) read("](]p7\ng7\ne.");
        assertSame(twice.get(0), twice.get(1));
        twice = (List<?>) read("](]r\u0001\0\0\0j\u0001\0\0\0e.");
        assertSame(twice.get(0), twice.get(1));
        List<?> itself = (List<?>) read("]q\0h\0a.");
        assertSame(itself, itself.get(0));
        assertEquals(2L, read("K\u0001K\u0002(K\u0003K\u000410K\u00020K\u0002."));
        assertEquals(List.of(1L), ((PyObject) read("\u008f(K\u0001\u0090.")).items());
        assertEquals(List.of(1L), ((PyObject) read("(K\u0001\u0091.")).items());
    }

    @Test
    void orderedDictsOfBothPythons() {
        assertEquals(Map.of("a", 1L), ((PyDict) read("ccollections\nOrderedDict\n)RU\u0001aK\u0001s.")).entries());
        assertEquals(
                Map.of("a", 1L), ((PyDict) read("ccollections\nOrderedDict\n(](](U\u0001aK\u0001eetR.")).entries());
        assertInstanceOf(PyDict.class, read("ccollections\nOrderedDict\n)R}U\u0009_metadataNsb."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cos\nsystem\n(S'touch /tmp/owned'\ntR.",
                "(S'touch /tmp/owned'\nios\nsystem\n.",
                "(cos\nsystem\nS'touch /tmp/owned'\no.",
                "\u008c\u0002os\u008c\u0006system\u0093U\u0012touch /tmp/owned1\n\u0085R.",
                "cos\nsystem\nU\u0012touch /tmp/owned1\n\u0085\u0081."
            })
    void whatWouldBeCalledIsOnlyRecorded(String pickle) {
        PyObject call = (PyObject) read(pickle);
        assertEquals(new PyGlobal("os", "system"), call.callable());
        assertEquals("object of os.system", call.toString());
        assertEquals(1, ((PyTuple) call.arguments()).items().size());
    }

    @Test
    void subclassesKeepTheirContent() {
        PyObject dict = (PyObject) read("cmmcv\nConfigDict\n)\u0081U\u0001aK\u0001s}U\u0001bK\u0002sb.");
        assertEquals(Map.of("a", 1L), dict.entries().entries());
        assertEquals(Map.of("b", 2L), ((PyDict) dict.state()).entries());
        assertEquals(List.of(1L), ((PyObject) read("ccollections\ndeque\n)RK\u0001a.")).items());
        assertInstanceOf(PyObject.class, read("cm\nC\n)}\u0092."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "              | needs 1 bytes",
                "N             | needs 1 bytes",
                ".             | the stack is empty",
                "(0.           | the stack is empty",
                "K(            | needs 1 bytes",
                "Xabcdefg      | bytes, 3 are left",
                "e.            | no mark",
                "t.            | no mark",
                "N(ae.         | the stack is empty",
                "NNa.          | is not a list",
                "NNNs.         | is not a dict",
                "}(Nu.         | a dict key without a value",
                "}]Ns.         | cannot be hashed",
                "h5.           | was never set",
                "Iabc          | does not end",
                "~.            | opcode 0x7e is not supported",
                "Q.            | the stack is empty",
                "NQ.           | no persistent ids here",
                "NN\u0093.     | whose name is not a string",
                "\u0080\u0006. | pickle protocol 6",
                "(o.           | an object without a class",
            })
    void malformedPicklesAreRefused(String pickle, String reason) {
        String message = refusal(pickle == null ? "" : pickle);
        assertTrue(message.startsWith("p: ") && message.contains(reason), message);
    }

    @Test
    void malformedLinesAreRefused() {
        assertTrue(refusal("Iabc\n.").contains("not a number"));
        assertTrue(refusal("Fabc\n.").contains("not a number"));
        assertTrue(refusal("g99999999999\n.").contains("memo index"));
        assertTrue(refusal("L" + "9".repeat(5000) + "L\n.").contains("digits"));
        assertTrue(refusal("\u008b\u00ff\u00ff\u00ff\u00ff.").contains("an integer of 4294967295 bytes"));
        assertTrue(refusal("c" + "x".repeat(70_000)).contains("does not end"));
        assertTrue(refusal("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.")
                .contains("bytes"));
    }

    @Test
    void deepNestingNeedsNoStack() {
        byte[] nested = (")" + "\u0085".repeat(1_000_000) + ".").getBytes(StandardCharsets.ISO_8859_1);
        assertInstanceOf(PyTuple.class, read(nested));
    }

    @Test
    void workIsBounded() {
        byte[] dicts = ("}".repeat(Unpickler.MAX_OPERATIONS + 1) + ".").getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(assertThrows(FormatException.class, () -> read(dicts))
                .getMessage()
                .contains("operations"));
        // A list of 100,000 pairs, made an OrderedDict again and again: quadratic work for few
        // bytes.
        ByteArrayOutputStream quadratic = new ByteArrayOutputStream();
        quadratic.writeBytes("](".getBytes(StandardCharsets.ISO_8859_1));
        quadratic.writeBytes("K\u0001K\u0002\u0086".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1));
        quadratic.writeBytes("e\u0085q\0".getBytes(StandardCharsets.ISO_8859_1));
        quadratic.writeBytes("ccollections\nOrderedDict\nh\0R".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThrows(FormatException.class, () -> read(quadratic.toByteArray())));
    }

    @Test
    void whatThePicklerWritesIsReadBack() {
        Map<String, Object> tree = Map.of(
                "list",
                List.of(1, -1, 1L << 40, 2.5, "é", true, List.of()),
                "empty",
                Map.of(),
                "tuple",
                new PyTuple(1, 2, 3, 4));
        PyDict read = (PyDict) read(Pickler.write(tree, 2));
        assertEquals(List.of(1L, -1L, 1L << 40, 2.5, "é", true, List.of()), read.get("list"));
        assertEquals(List.of(1L, 2L, 3L, 4L), ((PyTuple) read.get("tuple")).items());
        assertEquals(Map.of(), ((PyDict) read.get("empty")).entries());
        assertThrows(IllegalArgumentException.class, () -> Pickler.write(new Object(), 2));
    }
}
