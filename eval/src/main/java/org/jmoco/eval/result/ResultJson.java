package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jmoco.eval.stats.Summary;
import org.jmoco.tensor.io.FormatException;

/// An [EvaluationResult] as a JSON document and back.
final class ResultJson {
    private ResultJson() {}

    static Map<String, Object> tree(EvaluationResult result) {
        Map<String, Object> tree = object(
                "protocol", result.protocol(),
                "metrics", result.metrics().stream().map(ResultJson::metric).toList(),
                "tables",
                        result.tables().stream()
                                .map(t -> object("title", t.title(), "columns", t.columns(), "rows", t.rows()))
                                .toList(),
                "published",
                        result.published().stream().map(ResultJson::published).toList());
        result.confusion().ifPresent(c -> {
            tree.put("confusion", c.counts());
            tree.put("confusion-metric", c.metric());
            tree.put("confusion-classes", c.classes());
        });
        tree.put("provenance", provenance(result.provenance()));
        return tree;
    }

    private static Map<String, Object> metric(Metric m) {
        Map<String, Object> tree = object("name", m.name(), "value", m.value(), "unit", m.unit());
        m.interval().ifPresent(i -> tree.put("interval", object("low", i.low(), "high", i.high(), "level", i.level())));
        m.spread()
                .ifPresent(s ->
                        tree.put("spread", object("mean", s.mean(), "min", s.min(), "max", s.max(), "std", s.std())));
        return tree;
    }

    private static Map<String, Object> published(Published p) {
        return object(
                "benchmark",
                p.benchmark(),
                "source",
                p.source(),
                "method",
                p.method(),
                "layer",
                p.layer(),
                "metric",
                p.metric(),
                "value",
                p.value());
    }

    private static Map<String, Object> provenance(Provenance p) {
        return object(
                "software", p.software(),
                "config", p.config(),
                "seed", p.seed(),
                "inputs",
                        p.inputs().stream()
                                .map(i -> object("role", i.role(), "name", i.name(), "sha256", i.sha256()))
                                .toList());
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /// @param file stands for the document in messages @param items what the items of a metric contributed, if
    ///     that is known
    /// @throws FormatException if a part is missing or of another kind
    static EvaluationResult result(String file, Object document, Function<String, Optional<Items>> items) {
        Node root = new Node(file, "the document", document);
        Node provenance = root.at("provenance");
        return new EvaluationResult(
                root.at("protocol").text(),
                root.at("metrics").list().stream().map(m -> metric(m, items)).toList(),
                root.at("tables").list().stream().map(ResultJson::table).toList(),
                root.at("published").list().stream().map(ResultJson::published).toList(),
                root.optional("confusion").map(c -> confusion(root, c)),
                new Provenance(
                        provenance.at("software").text(),
                        provenance.at("config").map(),
                        (long) provenance.at("seed").number(),
                        provenance.at("inputs").list().stream()
                                .map(i -> new Provenance.Input(
                                        i.at("role").text(),
                                        i.at("name").text(),
                                        i.at("sha256").text()))
                                .toList()));
    }

    private static Metric metric(Node m, Function<String, Optional<Items>> items) {
        String name = m.at("name").text();
        return new Metric(
                name,
                m.at("value").number(),
                m.at("unit").text(),
                m.optional("interval")
                        .map(i -> new Metric.Interval(
                                i.at("low").number(),
                                i.at("high").number(),
                                i.at("level").number())),
                m.optional("spread")
                        .map(s -> new Summary(
                                s.at("mean").number(),
                                s.at("min").number(),
                                s.at("max").number(),
                                s.at("std").number())),
                items.apply(name));
    }

    private static ResultTable table(Node t) {
        return new ResultTable(
                t.at("title").text(),
                t.at("columns").list().stream().map(Node::text).toList(),
                t.at("rows").list().stream()
                        .map(r -> r.list().stream().map(Node::value).toList())
                        .toList());
    }

    private static Confusion confusion(Node root, Node counts) {
        return new Confusion(
                root.at("confusion-metric").text(),
                root.at("confusion-classes").list().stream().map(Node::text).toList(),
                counts.list().stream()
                        .map(row ->
                                row.list().stream().map(v -> (int) v.number()).toList())
                        .toList());
    }

    private static Published published(Node p) {
        return new Published(
                p.at("benchmark").text(),
                p.at("source").text(),
                p.at("method").text(),
                p.at("layer").text(),
                p.at("metric").text(),
                p.at("value").number());
    }

    /// A part of a document that knows where it stands, for messages.
    private record Node(String file, String place, Object value) {

        Node at(String name) {
            return optional(name)
                    .orElseThrow(() -> new FormatException(
                            file, "'" + name + "' is missing in " + place + "; is this the result of an evaluation?"));
        }

        Optional<Node> optional(String name) {
            return Optional.ofNullable(map().get(name)).map(v -> new Node(file, name, v));
        }

        Map<String, Object> map() {
            Map<String, Object> map = new LinkedHashMap<>();
            if (value instanceof Map<?, ?> m) {
                m.forEach((k, v) -> map.put(k.toString(), v));
                return map;
            }
            throw unfit("an object");
        }

        List<Node> list() {
            if (value instanceof List<?> l) {
                List<Node> nodes = new ArrayList<>();
                l.forEach(v -> nodes.add(new Node(file, place, v)));
                return nodes;
            }
            throw unfit("a list");
        }

        String text() {
            if (value instanceof String s) {
                return s;
            }
            throw unfit("text");
        }

        double number() {
            if (value instanceof Number n) {
                return n.doubleValue();
            }
            throw unfit("a number");
        }

        private FormatException unfit(String kind) {
            return new FormatException(file, place + " should be " + kind + "; is this the result of an evaluation?");
        }
    }
}
