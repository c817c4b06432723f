package org.jmoco.eval.detections;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoRuns;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.io.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Detections of many images in a file, as COCO takes them for results: an array of objects with `image_id`,
/// `category_id`, `bbox` (x, y, width, height), `score` and, with masks, `segmentation` (run lengths as text). Written
/// and read as a stream.
public final class DetectionsJson {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final long ABSENT = Long.MIN_VALUE;

    private final Path file;
    private final CocoAnnotations annotations;
    private final Long2IntOpenHashMap images;
    private final Long2IntOpenHashMap classes;
    private int number;

    private DetectionsJson(Path file, CocoAnnotations annotations) {
        this.file = file;
        this.annotations = annotations;
        images = ranks(annotations.imageIds());
        classes = ranks(annotations.categoryIds());
    }

    private static Long2IntOpenHashMap ranks(List<Long> ids) {
        Long2IntOpenHashMap ranks = new Long2IntOpenHashMap();
        ranks.defaultReturnValue(-1);
        for (int i = 0; i < ids.size(); i++) {
            ranks.put(ids.get(i).longValue(), i);
        }
        return ranks;
    }

    /// Writes detections, numbers as exact as they are. The file replaces an old one as a whole.
    ///
    /// @param annotations whose ids images and classes get   @param found one for each of its images
    /// @throws IllegalArgumentException if there are not as many, or a class has no id
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, CocoAnnotations annotations, List<Detections> found) {
        if (found.size() != annotations.imageIds().size()) {
            throw new IllegalArgumentException("detections of " + found.size() + " images for the annotations of "
                    + annotations.imageIds().size());
        }
        AtomicFile.write(file, channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
                json.writeStartArray();
                for (int i = 0; i < found.size(); i++) {
                    for (Detection d : found.get(i).found()) {
                        write(json, annotations.imageIds().get(i), annotations.categoryIds(), d);
                    }
                }
                json.writeEndArray();
            }
            out.flush();
        });
    }

    private static void write(JsonGenerator json, long image, List<Long> categories, Detection d) {
        if (d.label() >= categories.size()) {
            throw new IllegalArgumentException(
                    "a detection of class " + d.label() + ", of " + categories.size() + " classes");
        }
        json.writeStartObject();
        json.writeNumberProperty("image_id", image);
        json.writeNumberProperty("category_id", categories.get(d.label()));
        json.writeName("bbox");
        json.writeArray(new double[] {d.x(), d.y(), d.width(), d.height()}, 0, 4);
        json.writeNumberProperty("score", d.score());
        d.mask().ifPresent(mask -> {
            json.writeObjectPropertyStart("segmentation");
            json.writeName("size");
            json.writeArray(new int[] {mask.height(), mask.width()}, 0, 2);
            json.writeStringProperty("counts", mask.text());
            json.writeEndObject();
        });
        json.writeEndObject();
    }

    /// Reads detections: of every image of the annotations those that the file has, in its order. Without `bbox` the
    /// box is that of the mask.
    ///
    /// @throws DataException if the file is missing or none, a detection has no score, no box and no mask, names an
    ///     image or a category that the annotations do not have, or has a mask of another size than the image
    public static List<Detections> read(Path file, CocoAnnotations annotations) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + ": no such file");
        }
        DetectionsJson json = new DetectionsJson(file, annotations);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), file)) {
            return json.read(parser);
        } catch (JacksonException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new DataException(
                    file + ": detection " + json.number + " is none in COCO's form (" + reason + ")", e);
        }
    }

    private List<Detections> read(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new DataException(file + ": has no detections; an array of them was expected");
        }
        List<List<Detection>> found = IntStream.range(0, annotations.imageIds().size())
                .<List<Detection>>mapToObj(i -> new ArrayList<>())
                .toList();
        JsonToken next = parser.nextToken();
        while (next == JsonToken.START_OBJECT) {
            detection(parser, found);
            number++;
            next = parser.nextToken();
        }
        if (next != JsonToken.END_ARRAY) {
            throw new IllegalArgumentException("an object was expected");
        }
        return found.stream().map(Detections::new).toList();
    }

    private void detection(JsonParser parser, List<List<Detection>> found) {
        long image = ABSENT;
        long category = ABSENT;
        double score = Double.NaN;
        double[] box = {};
        Optional<Rle> mask = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (key) {
                case "image_id" -> image = parser.getLongValue();
                case "category_id" -> category = parser.getLongValue();
                case "score" -> score = parser.getDoubleValue();
                case "bbox" -> box = value == JsonToken.START_ARRAY ? numbers(parser) : box;
                case "segmentation" -> mask = value == JsonToken.START_OBJECT ? mask(parser) : skip(parser);
                default -> parser.skipChildren();
            }
        }
        int at = known(images, image, "image_id");
        int label = known(classes, category, "category_id");
        mask.ifPresent(m -> requireSize(m, annotations.objects().get(at)));
        if (box.length != 4) {
            Target.Box around = mask.orElseThrow(() -> new IllegalArgumentException(
                            "neither a bbox of 4 numbers nor a segmentation of run lengths"))
                    .box();
            box = new double[] {around.x0(), around.y0(), around.x1() - around.x0(), around.y1() - around.y0()};
        }
        found.get(at).add(new Detection(label, score, box[0], box[1], box[2], box[3], mask));
    }

    private int known(Long2IntOpenHashMap ranks, long id, String name) {
        int rank = ranks.get(id);
        if (rank < 0) {
            throw new DataException(file + ": detection " + number + " "
                    + (id == ABSENT
                            ? "has no " + name
                            : "has the " + name + " " + id
                                    + ", which the annotations do not have; are they of other images?"));
        }
        return rank;
    }

    private void requireSize(Rle mask, Target.Objects image) {
        if (mask.height() != image.height() || mask.width() != image.width()) {
            throw new DataException(file + ": detection " + number + " has a mask of " + mask.width() + "×"
                    + mask.height() + " pixels, its image has " + image.width() + "×" + image.height());
        }
    }

    /// Polygons are of no use here: COCO takes run lengths only.
    private static Optional<Rle> skip(JsonParser parser) {
        parser.skipChildren();
        return Optional.empty();
    }

    private static Optional<Rle> mask(JsonParser parser) {
        double[] size = {};
        int[] counts = {};
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (key.equals("size") && token == JsonToken.START_ARRAY) {
                size = numbers(parser);
            } else if (key.equals("counts") && token == JsonToken.VALUE_STRING) {
                counts = CocoRuns.parse(
                        parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
            } else if (key.equals("counts") && token == JsonToken.START_ARRAY) {
                counts = wholeNumbers(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (size.length != 2) {
            throw new IllegalArgumentException("run lengths without a size of 2 numbers");
        }
        return Optional.of(new Rle((int) size[0], (int) size[1], counts));
    }

    private static double[] numbers(JsonParser parser) {
        DoubleArrayList numbers = new DoubleArrayList(4);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            numbers.add(parser.getDoubleValue());
        }
        return numbers.toDoubleArray();
    }

    private static int[] wholeNumbers(JsonParser parser) {
        IntArrayList numbers = new IntArrayList();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            numbers.add(parser.getIntValue());
        }
        return numbers.toIntArray();
    }
}
