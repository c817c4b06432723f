package org.jmoco.nn.weights;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jmoco.nn.weights.pickle.PyDict;
import org.jmoco.nn.weights.pickle.PyObject;

/// The leaves of a tree of pickled dicts, by the path of their keys.
///
/// Of dicts under `state_dict`, `model` and `model_state_dict` the first that holds an array, at any depth, is
/// the state dict; where there is none, the whole tree is. Names within it are paths from it:
/// `{"state_dict": {"student": {"conv1.weight": …}}}` has `student.conv1.weight`.
///
/// @param leaves of the state dict
/// @param beside all others, by the path from the root
record StateDictTree(Map<String, Object> leaves, Map<String, Object> beside) {
    static final List<String> KEYS = List.of("state_dict", "model", "model_state_dict");
    private static final int DEEPEST = 12;
    private static final int LONGEST = 200;

    /// @param isArray whether a leaf is an array
    static StateDictTree of(Object root, Predicate<Object> isArray) {
        Map<String, Object> all = new LinkedHashMap<>();
        Walk walk = new Walk(isArray, all, new HashSet<>(), Collections.newSetFromMap(new IdentityHashMap<>()));
        if (root instanceof PyDict dict) {
            walk.visit("", dict, 0);
        }
        String path = "";
        for (boolean deeper = true; deeper; ) {
            String here = path;
            String chosen = KEYS.stream()
                    .map(key -> here + key + ".")
                    .filter(p -> all.entrySet().stream()
                            .anyMatch(e -> e.getKey().startsWith(p) && isArray.test(e.getValue())))
                    .findFirst()
                    .orElse(null);
            // A name such as "model.conv1.weight" is no dict of its own.
            deeper = chosen != null && walk.dicts.contains(chosen);
            path = deeper ? chosen : path;
        }
        Map<String, Object> leaves = new LinkedHashMap<>();
        Map<String, Object> beside = new LinkedHashMap<>();
        String start = path;
        all.forEach((name, leaf) -> {
            if (name.startsWith(start)) {
                leaves.put(name.substring(start.length()), leaf);
            } else {
                beside.put(name, leaf);
            }
        });
        return new StateDictTree(leaves, beside);
    }

    /// One walk through a tree. A dict that stands in several places counts in the first: a hostile file could
    /// have paths without number, or circles.
    private record Walk(Predicate<Object> isArray, Map<String, Object> leaves, Set<String> dicts, Set<Object> seen) {
        private void visit(String path, PyDict dict, int depth) {
            if (depth > DEEPEST || !seen.add(dict)) {
                return;
            }
            dicts.add(path);
            KEYS.forEach(key -> visit(path, key, dict.get(key), depth));
            dict.entries().forEach((key, value) -> {
                if (key instanceof String name) {
                    visit(path, name, value, depth);
                }
            });
        }

        private void visit(String path, String name, Object value, int depth) {
            if (!path.isEmpty() && path.length() + name.length() > LONGEST) {
                return;
            }
            PyDict inner = value instanceof PyObject o ? o.entries() : value instanceof PyDict d ? d : null;
            if (inner != null) {
                visit(path + name + ".", inner, depth + 1);
            } else if (isArray.test(value) || value instanceof PyObject) {
                leaves.putIfAbsent(path.isEmpty() ? name : path + name, value);
            }
        }
    }
}
