package org.jmoco.nn.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Finds the encoder among the names of a file: under which names its arrays go, and what stands before them.
///
/// Wherever a layout's mark stands at the end of a name, behind nothing or a dot, an encoder begins, and what
/// stands before the mark is its prefix. So no list of prefixes is needed. Of several encoders
///
/// - a whole MoCo's are one layout, with the query encoder as the one;
/// - a slow copy gives way to the one it follows: one whose prefix has the word `momentum`, `key`, `k`, `target`
///   or `ema`;
/// - the same arrays twice are one;
/// - all else is for the user to decide, by a prefix: of student and teacher, for one, either can be meant.
final class EncoderSearch {
    private static final Set<String> SLOW = Set.of("momentum", "key", "k", "target", "ema");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[._]");
    private static final int SHOWN = 8;

    private final Checkpoint file;

    /// @param key the mark with its prefix
    /// @param prefix what stands before the layout's names in all keys
    /// @param others prefixes of encoders that gave way to this one
    record Found(String key, Layout layout, String prefix, List<String> others) {
        /// What stands before the encoder's own names.
        String encoderPrefix() {
            return key.endsWith(KeyMaps.BLOCK) ? key.substring(0, key.length() - KeyMaps.BLOCK.length()) : prefix;
        }

        private boolean isSlow() {
            return Arrays.stream(BETWEEN_WORDS.split(encoderPrefix(), -1)).anyMatch(SLOW::contains);
        }
    }

    /// @param found the encoder, or `null`
    /// @param problem why there is none
    record Result(Found found, String problem) {}

    private EncoderSearch(Checkpoint file) {
        this.file = file;
    }

    static Result in(Checkpoint file) {
        return new EncoderSearch(file).search();
    }

    private Result search() {
        List<Found> all = encoders();
        if (all.isEmpty()) {
            return new Result(null, nothing());
        }
        List<Found> mocos = all.stream().filter(e -> e.layout.isMoco()).toList();
        if (!mocos.isEmpty()) {
            Found first = mocos.getFirst();
            boolean alone = all.stream().allMatch(e -> e.key.startsWith(first.prefix))
                    && mocos.stream().allMatch(e -> e.prefix.equals(first.prefix));
            return alone ? new Result(first, "") : new Result(null, several(all));
        }
        List<Found> fast = all.stream().filter(e -> !e.isSlow()).toList();
        List<Found> left = distinct(fast.isEmpty() ? all : fast);
        if (left.size() > 1) {
            return new Result(null, several(left));
        }
        Found one = left.getFirst();
        List<String> others = all.stream()
                .filter(e -> !e.key.equals(one.key))
                .map(Found::encoderPrefix)
                .toList();
        return new Result(new Found(one.key, one.layout, one.prefix, others), "");
    }

    /// In the order of the layouts, then of the file.
    private List<Found> encoders() {
        Set<String> keys = new LinkedHashSet<>(file.arrays().keySet());
        keys.addAll(file.skipped().keySet());
        List<Found> found = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>();
        for (Layout layout : KeyMaps.all()) {
            for (String key : keys) {
                String prefix = layout.before(key);
                if (prefix != null && known.add(key)) {
                    found.add(new Found(key, layout, prefix, List.of()));
                }
            }
        }
        return found;
    }

    private List<Found> distinct(List<Found> encoders) {
        if (encoders.size() > SHOWN) {
            return encoders; // a file that is made to keep us busy
        }
        List<Found> distinct = new ArrayList<>();
        List<Map<String, ArrayData>> seen = new ArrayList<>();
        for (Found e : encoders) {
            Map<String, ArrayData> arrays = backbone(e);
            if (!seen.contains(arrays)) {
                seen.add(arrays);
                distinct.add(e);
            }
        }
        return distinct;
    }

    /// What lies behind the encoder's prefix, under our names and without heads.
    private Map<String, ArrayData> backbone(Found e) {
        String prefix = e.encoderPrefix();
        boolean ours = e.key.endsWith(KeyMaps.BLOCK);
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        file.arrays().forEach((key, array) -> {
            if (key.startsWith(prefix)) {
                String name = key.substring(prefix.length());
                String known = ours ? name : e.layout.toOurs(name);
                if (known.matches("(conv1|bn1|layer[1-4])\\..*")) {
                    arrays.put(known, array);
                }
            }
        });
        return arrays;
    }

    private String several(List<Found> encoders) {
        return "there are several encoders, with the prefixes "
                + encoders.stream()
                        .map(e -> FormatException.quote(e.encoderPrefix()))
                        .limit(SHOWN)
                        .collect(Collectors.joining(", "))
                + "; say which by --prefix";
    }

    private String nothing() {
        return "no known key names: names begin with "
                + beginnings(file.arrays().keySet(), file.skipped().keySet())
                + ", marks of known layouts, behind any prefix, are "
                + KeyMaps.all().stream().map(Layout::mark).toList();
    }

    /// How names begin, for messages.
    static String beginnings(Collection<String> names, Collection<String> others) {
        Set<String> starts = new LinkedHashSet<>();
        for (Collection<String> some : List.of(names, others)) {
            some.forEach(name -> starts.add(name.contains(".") ? name.substring(0, name.indexOf('.') + 1) : name));
        }
        String more = starts.size() > SHOWN ? " and " + (starts.size() - SHOWN) + " more" : "";
        return starts.stream().limit(SHOWN).map(FormatException::quote).collect(Collectors.joining(", ")) + more;
    }
}
