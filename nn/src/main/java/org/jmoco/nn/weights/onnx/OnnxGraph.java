package org.jmoco.nn.weights.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.ProtoMessage;

/// Builds an ONNX model of float32 tensors: field numbers are those of `onnx.proto`, IR version 8,
/// the default operator set 17.
final class OnnxGraph {
    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 17;
    private static final int FLOAT = 1;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private final ProtoMessage graph = new ProtoMessage();

    OnnxGraph(String name) {
        graph.string(2, name);
    }

    /// Adds a node with one output of the same name and returns that name.
    ///
    /// @param attributes values are [Integer], [Float] or `int[]`
    String node(String operator, String output, List<String> inputs, Map<String, ?> attributes) {
        ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.string(1, input));
        node.string(2, output).string(3, output).string(4, operator);
        attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(a -> node.message(5, attribute(a.getKey(), a.getValue())));
        graph.message(1, node);
        return output;
    }

    /// Adds a constant and returns its name.
    String constant(String name, ArrayData value) {
        ArrayData floats = value.toF32();
        ProtoMessage tensor = new ProtoMessage();
        for (long d : floats.shape()) {
            tensor.integer(1, d);
        }
        graph.message(5, tensor.integer(2, FLOAT).string(8, name).bytes(9, floats.payload()));
        return name;
    }

    /// @param dims a [String] names a free dimension, an [Integer] fixes it
    void input(String name, Object... dims) {
        graph.message(11, valueInfo(name, dims));
    }

    void output(String name, Object... dims) {
        graph.message(12, valueInfo(name, dims));
    }

    void write(Path file) {
        ProtoMessage model = new ProtoMessage();
        model.integer(1, IR_VERSION).string(2, "jmoco").message(7, graph);
        model.message(8, new ProtoMessage().string(1, "").integer(2, OPERATOR_SET));
        AtomicFile.write(file, model::writeTo);
    }

    private static ProtoMessage attribute(String name, Object value) {
        ProtoMessage attribute = new ProtoMessage().string(1, name);
        switch (value) {
            case Float f -> attribute.float32(2, f).integer(20, ATTRIBUTE_FLOAT);
            case Integer i -> attribute.integer(3, i).integer(20, ATTRIBUTE_INT);
            case int[] ints -> {
                for (int i : ints) {
                    attribute.integer(8, i);
                }
                attribute.integer(20, ATTRIBUTE_INTS);
            }
            default -> throw new IllegalArgumentException("an attribute of type " + value.getClass());
        }
        return attribute;
    }

    private static ProtoMessage valueInfo(String name, Object... dims) {
        ProtoMessage shape = new ProtoMessage();
        for (Object d : dims) {
            ProtoMessage dim = new ProtoMessage();
            shape.message(1, d instanceof Integer i ? dim.integer(1, i) : dim.string(2, (String) d));
        }
        ProtoMessage tensor = new ProtoMessage().integer(1, FLOAT).message(2, shape);
        return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensor));
    }
}
