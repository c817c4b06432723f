package org.jmoco.nn.weights.pickle;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jmoco.tensor.io.FormatException;

/// Reads one pickle of protocol 0 to 5 without executing anything (see the package page).
///
/// The reader is a loop over opcodes with a stack and a memo, never recursive; their number is
/// bounded by [#MAX_OPERATIONS] and memory by a small multiple of the pickle's size. Objects may
/// refer to themselves, so who walks the result must not trust its depth.
public final class Unpickler {
    /// A MoCo checkpoint takes about twenty thousand; more than this is refused.
    public static final int MAX_OPERATIONS = 4_000_000;

    private static final Set<String> DICTS = Set.of("OrderedDict", "dict");

    /// Builds the few objects that a reader knows.
    public interface Host {
        /// The object of a persistent id, usually a tuple.
        ///
        /// @throws FormatException if ids of this kind do not belong in the file
        Object persistent(Object id);

        /// The result of calling a known global, or `null` to keep an inert [PyObject].
        Object call(PyGlobal global, List<Object> arguments);

        /// Gives state to an object that [#call] built. Returns what takes its place, usually the
        /// same.
        default Object build(Object object, Object state) {
            return object;
        }
    }

    private final PickleBytes in;
    private final Host host;
    private final ArrayList<Object> stack = new ArrayList<>();
    private final IntArrayList marks = new IntArrayList();
    private final Int2ObjectOpenHashMap<Object> memo = new Int2ObjectOpenHashMap<>();
    private long operations;

    private Unpickler(PickleBytes in, Host host) {
        this.in = in;
        this.host = host;
    }

    /// Reads the pickle at the current position and stops right after it.
    ///
    /// @throws FormatException if it is truncated, malformed or too large
    public static Object read(PickleBytes in, Host host) {
        Unpickler reader = new Unpickler(in, host);
        try {
            for (int opcode = in.u8(); opcode != '.'; opcode = in.u8()) {
                reader.spend(1);
                reader.execute(opcode);
            }
            return reader.pop();
        } catch (IllegalArgumentException e) {
            throw in.refused(e.getMessage());
        }
    }

    private void spend(int work) {
        operations += work;
        if (operations > MAX_OPERATIONS) {
            throw in.refused("more than " + MAX_OPERATIONS + " operations");
        }
    }

    private void execute(int opcode) {
        switch (opcode) {
            case '(' -> marks.add(stack.size());
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            case 0x80 -> protocol(in.u8());
            case 0x95 -> in.i64(); // FRAME: the frame's length is only a hint for reading ahead
            case 'P' -> push(host.persistent(in.line()));
            case 'Q' -> push(host.persistent(pop()));
            case 'p' -> memo.put(memoIndex(), top());
            case 'q' -> memo.put(in.u8(), top());
            case 'r' -> memo.put(in.i32(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'g' -> pushMemo(memoIndex());
            case 'h' -> pushMemo(in.u8());
            case 'j' -> pushMemo(in.i32());
            default -> {
                if (!scalar(opcode) && !container(opcode) && !object(opcode)) {
                    throw in.refused("opcode 0x" + Integer.toHexString(opcode) + " is not supported");
                }
            }
        }
    }

    private boolean scalar(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'I' -> push(intLine(in.line()));
            case 'J' -> push((long) in.i32());
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 'L' -> push(longLine(in.line()));
            case 0x8a -> push(in.integer(in.u8()));
            case 0x8b -> push(in.integer(in.u32()));
            case 'F' -> push(in.doubleLine());
            case 'G' -> push(in.bigEndianDouble());
            case 'S' -> push(PickleText.unquote(in.line()));
            case 'T' -> push(in.text(in.u32(), StandardCharsets.ISO_8859_1));
            case 'U' -> push(in.text(in.u8(), StandardCharsets.ISO_8859_1));
            case 'V' -> push(PickleText.unescapeUnicode(in.line()));
            case 'X' -> push(in.text(in.u32(), StandardCharsets.UTF_8));
            case 0x8c -> push(in.text(in.u8(), StandardCharsets.UTF_8));
            case 0x8d -> push(in.text(in.i64(), StandardCharsets.UTF_8));
            case 'B' -> push(in.array(in.u32()));
            case 'C' -> push(in.array(in.u8()));
            case 0x8e, 0x96 -> push(in.array(in.i64()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case ']' -> push(new ArrayList<>());
            case 'l' -> push(popToMark());
            case 'a' -> {
                Object item = pop();
                append(top(), item);
            }
            case 'e' -> {
                List<Object> items = popToMark();
                items.forEach(item -> append(top(), item));
            }
            case '}' -> push(new PyDict());
            case 'd' -> {
                List<Object> pairs = popToMark();
                push(new PyDict());
                putAll(pairs);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                put(top(), key, value);
            }
            case 'u' -> putAll(popToMark());
            case ')' -> push(PyTuple.EMPTY);
            case 't' -> push(new PyTuple(popToMark().toArray()));
            case 0x85 -> push(new PyTuple(pop()));
            case 0x86 -> {
                Object second = pop();
                push(new PyTuple(pop(), second));
            }
            case 0x87 -> {
                Object third = pop();
                Object second = pop();
                push(new PyTuple(pop(), second, third));
            }
            case 0x8f -> push(new PyObject(new PyGlobal("builtins", "set"), PyTuple.EMPTY));
            case 0x90 -> {
                List<Object> items = popToMark();
                items.forEach(item -> append(top(), item));
            }
            case 0x91 -> {
                PyObject set = new PyObject(new PyGlobal("builtins", "frozenset"), PyTuple.EMPTY);
                popToMark().forEach(set::append);
                push(set);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> push(new PyGlobal(in.line(), in.line()));
            case 0x93 -> {
                Object name = pop();
                Object module = pop();
                if (!(module instanceof String m && name instanceof String n)) {
                    throw in.refused("a global whose name is not a string");
                }
                push(new PyGlobal(m, n));
            }
            case 'R', 0x81 -> {
                Object arguments = pop();
                push(call(pop(), arguments));
            }
            case 0x92 -> { // NEWOBJ_EX: class, positional and keyword arguments
                Object named = pop();
                Object arguments = pop();
                push(new PyObject(pop(), new PyTuple(arguments, named)));
            }
            case 'i' -> {
                PyGlobal global = new PyGlobal(in.line(), in.line());
                push(call(global, new PyTuple(popToMark().toArray())));
            }
            case 'o' -> {
                List<Object> items = popToMark();
                if (items.isEmpty()) {
                    throw in.refused("an object without a class");
                }
                push(call(
                        items.getFirst(),
                        new PyTuple(items.subList(1, items.size()).toArray())));
            }
            case 'b' -> {
                Object state = pop();
                push(build(pop(), state));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object call(Object callable, Object arguments) {
        if (callable instanceof PyGlobal global && arguments instanceof PyTuple tuple) {
            if (global.module().equals("collections") && DICTS.contains(global.name())) {
                return dictOf(tuple.items());
            }
            Object built = host.call(global, tuple.items());
            if (built != null) {
                return built;
            }
        }
        return new PyObject(callable, arguments);
    }

    /// OrderedDict() or, from Python 2, OrderedDict([[key, value], …]).
    private PyDict dictOf(List<Object> arguments) {
        PyDict dict = new PyDict();
        if (!arguments.isEmpty() && arguments.getFirst() instanceof List<?> pairs) {
            spend(pairs.size()); // the same list may be passed many times
            for (Object pair : pairs) {
                List<?> two = pair instanceof PyTuple t ? t.items() : pair instanceof List<?> l ? l : List.of();
                if (two.size() != 2) {
                    throw in.refused("OrderedDict of something that is not pairs");
                }
                dict.put(two.get(0), two.get(1));
            }
        }
        return dict;
    }

    private Object build(Object object, Object state) {
        if (object instanceof PyObject inert) {
            inert.setState(state);
            return inert;
        }
        // Attributes of a dict, such as the _metadata of a state_dict, say nothing about its
        // entries.
        return object instanceof PyDict ? object : host.build(object, state);
    }

    private void append(Object list, Object item) {
        switch (list) {
            case ArrayList<?> array -> {
                @SuppressWarnings("unchecked") // every list of this reader was made as ArrayList<Object>
                ArrayList<Object> items = (ArrayList<Object>) array;
                items.add(item);
            }
            case PyObject inert -> inert.append(item);
            case null, default -> throw in.refused("an item is appended to something that is not a list");
        }
    }

    private void put(Object dict, Object key, Object value) {
        switch (dict) {
            case PyDict d -> d.put(key, value);
            case PyObject inert -> inert.put(key, value);
            case null, default -> throw in.refused("an entry is put into something that is not a dict");
        }
    }

    private void putAll(List<Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw in.refused("a dict key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            put(top(), pairs.get(i), pairs.get(i + 1));
        }
    }

    private void protocol(int version) {
        if (version > 5) {
            throw in.refused("pickle protocol " + version + ", known are 0 to 5");
        }
    }

    private Object intLine(String line) {
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> in.integerLine(line);
        };
    }

    private Object longLine(String line) {
        return in.integerLine(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    }

    private int memoIndex() {
        Object index = in.integerLine(in.line());
        if (!(index instanceof Long i) || i != (int) (long) i) {
            throw in.refused("memo index " + index);
        }
        return (int) (long) i;
    }

    private void pushMemo(int index) {
        if (!memo.containsKey(index)) {
            throw in.refused("memo index " + index + " was never set");
        }
        push(memo.get(index));
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() {
        requireItem();
        return stack.getLast();
    }

    private Object pop() {
        requireItem();
        return stack.removeLast();
    }

    /// An opcode may not reach below the last mark.
    private void requireItem() {
        int floor = marks.isEmpty() ? 0 : marks.getInt(marks.size() - 1);
        if (stack.size() <= floor) {
            throw in.refused("the stack is empty");
        }
    }

    private ArrayList<Object> popToMark() {
        if (marks.isEmpty()) {
            throw in.refused("no mark on the stack");
        }
        List<Object> above = stack.subList(marks.removeInt(marks.size() - 1), stack.size());
        ArrayList<Object> items = new ArrayList<>(above);
        above.clear();
        return items;
    }
}
