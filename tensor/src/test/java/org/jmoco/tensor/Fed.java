package org.jmoco.tensor;

/// Feeds doubles as whatever type an input has.
final class Fed {
    private Fed() {}

    static void doubles(Compiled compiled, Graph graph, String label, double[] values) {
        switch (graph.inputs().get(label).dtype()) {
            case F32 -> {
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                }
                compiled.feed(label, floats);
            }
            case I32 ->
                compiled.feed(
                        label,
                        java.util.Arrays.stream(values).mapToInt(v -> (int) v).toArray());
            case U8 -> {
                byte[] bytes = new byte[values.length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (int) values[i];
                }
                compiled.feed(label, bytes);
            }
        }
    }
}
