package org.jmoco.nn.data.dense;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataFiles;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.Target;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Objects in the form of COCO's `instances_train2017.json` (Lin et al., "Microsoft COCO: common objects in
/// context", 2014). Class numbers are the ranks of the categories' ids. The file is read as a stream.
public final class CocoInstances {
    private static final int ABSENT = -1;

    private final Path json;
    private final List<Image> images = new ArrayList<>();
    private final List<Category> categories = new ArrayList<>();
    private final List<Annotation> annotations = new ArrayList<>();

    private record Image(long id, String file, int width, int height) {}

    private record Category(long id, String name) {}

    private record Annotation(
            long id,
            long image,
            long category,
            Target.Box box,
            double area,
            boolean crowd,
            Optional<Target.Mask> mask) {}

    private CocoInstances(Path json) {
        this.json = json;
    }

    /// Reads a file of annotations: its images in its order, each with its objects.
    ///
    /// @param folder of the images
    /// @throws DataException if the file is missing or none, an annotation has no box or names an image or a
    ///     category that is not there, there is no annotation at all, or an image is missing
    public static ImageFiles read(Path json, Path folder, ImageDecoder decoder) {
        return parsed(json).source(DataFiles.requireFolder(folder), decoder);
    }

    /// Reads a file of annotations for evaluation, which needs no images.
    ///
    /// @throws DataException as [#read]
    public static CocoAnnotations annotations(Path json) {
        CocoInstances file = parsed(json);
        file.images.sort(Comparator.comparingLong(Image::id));
        List<Target.Objects> objects = file.objects();
        return new CocoAnnotations(
                file.images.stream().map(Image::id).toList(),
                file.images.stream().map(Image::file).toList(),
                objects,
                file.categories.stream().map(Category::id).toList(),
                file.classes());
    }

    private static CocoInstances parsed(Path json) {
        if (!Files.isRegularFile(json)) {
            throw new DataException(json + ": no such file");
        }
        CocoInstances file = new CocoInstances(json);
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            file.parse(parser);
        } catch (JacksonException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new DataException(json + ": is no file of COCO annotations (" + reason + ")", e);
        }
        return file;
    }

    private void parse(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong();
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            if (array && (key.equals("images") || key.equals("categories") || key.equals("annotations"))) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    switch (key) {
                        case "images" -> images.add(image(parser));
                        case "categories" -> categories.add(category(parser));
                        default -> annotations.add(annotation(parser));
                    }
                }
            } else {
                parser.skipChildren();
            }
        }
        if (images.isEmpty() || categories.isEmpty()) {
            throw wrong();
        }
        if (annotations.isEmpty()) {
            throw new DataException(json + ": has no annotation");
        }
    }

    private DataException wrong() {
        return new DataException(json + ": is no file of COCO annotations (images, categories and annotations)");
    }

    private Image image(JsonParser parser) {
        long id = ABSENT;
        String name = null;
        int width = 0;
        int height = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (key) {
                case "id" -> id = parser.getLongValue();
                case "file_name" -> name = parser.getString();
                case "width" -> width = value.isNumeric() ? parser.getIntValue() : 0;
                case "height" -> height = value.isNumeric() ? parser.getIntValue() : 0;
                default -> parser.skipChildren();
            }
        }
        if (id == ABSENT || name == null || width < 1 || height < 1) {
            throw new DataException(json + ": an image without id, file_name, width or height");
        }
        return new Image(id, name, width, height);
    }

    private Category category(JsonParser parser) {
        long id = ABSENT;
        String name = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "id" -> id = parser.getLongValue();
                case "name" -> name = parser.getString();
                default -> parser.skipChildren();
            }
        }
        if (id == ABSENT || name == null) {
            throw new DataException(json + ": a category without id or name");
        }
        return new Category(id, name);
    }

    private Annotation annotation(JsonParser parser) {
        long id = ABSENT;
        long image = ABSENT;
        long category = ABSENT;
        double[] box = {};
        double area = ABSENT;
        boolean crowd = false;
        Optional<Target.Mask> mask = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (key) {
                case "id" -> id = parser.getLongValue();
                case "image_id" -> image = parser.getLongValue();
                case "category_id" -> category = parser.getLongValue();
                case "bbox" -> box = value == JsonToken.START_ARRAY ? numbers(parser) : box;
                case "area" -> area = parser.getDoubleValue();
                case "iscrowd" ->
                    crowd = value == JsonToken.VALUE_TRUE || value.isNumeric() && parser.getIntValue() != 0;
                case "segmentation" -> mask = mask(parser, value);
                default -> parser.skipChildren();
            }
        }
        if (box.length != 4 || image == ABSENT || category == ABSENT) {
            throw new DataException(
                    json + ": the annotation " + id + " has no image_id, no category_id or no bbox of 4 " + "numbers");
        }
        Target.Box corners = new Target.Box(box[0], box[1], box[0] + box[2], box[1] + box[3]);
        return new Annotation(id, image, category, corners, area == ABSENT ? box[2] * box[3] : area, crowd, mask);
    }

    /// Polygons, or runs as numbers or as text.
    private static Optional<Target.Mask> mask(JsonParser parser, JsonToken value) {
        if (value == JsonToken.START_ARRAY) {
            List<double[]> rings = new ArrayList<>();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                rings.add(numbers(parser));
            }
            return rings.isEmpty() ? Optional.empty() : Optional.of(new Target.Mask.Polygons(rings));
        }
        if (value != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        double[] size = {};
        int[] counts = {};
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (key.equals("size") && token == JsonToken.START_ARRAY) {
                size = numbers(parser);
            } else if (key.equals("counts") && token == JsonToken.START_ARRAY) {
                counts = wholeNumbers(parser);
            } else if (key.equals("counts") && token == JsonToken.VALUE_STRING) {
                counts = CocoRuns.parse(
                        parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
            } else {
                parser.skipChildren();
            }
        }
        if (size.length != 2) {
            throw new IllegalArgumentException("run lengths without a size of 2 numbers");
        }
        return Optional.of(new Target.Mask.Runs((int) size[0], (int) size[1], counts));
    }

    private static double[] numbers(JsonParser parser) {
        DoubleArrayList numbers = new DoubleArrayList();
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

    private ImageFiles source(Path folder, ImageDecoder decoder) {
        List<Target.Objects> targets = objects();
        List<Path> files = images.stream()
                .map(image -> DataFiles.inside(folder, image.file, json + ": image " + image.id))
                .toList();
        DataFiles.requireFiles(files, i -> json + ": image " + images.get(i).id);
        return ImageFiles.reading(files, Target.Kind.OBJECTS, targets::get, classes())
                .withIds(images.stream().map(Image::file).toList())
                .with(decoder);
    }

    /// Of every image, in the present order of images.
    private List<Target.Objects> objects() {
        categories.sort(Comparator.comparingLong(Category::id));
        Long2IntOpenHashMap classes =
                ranks(categories.stream().mapToLong(Category::id).toArray(), "category");
        Long2IntOpenHashMap places = ranks(images.stream().mapToLong(Image::id).toArray(), "image");
        List<List<Target.Instance>> objects =
                new ArrayList<>(Collections.nCopies(images.size(), List.<Target.Instance>of()));
        objects.replaceAll(none -> new ArrayList<>());
        for (Annotation a : annotations) {
            int label = known(classes, a.category, a, "category");
            objects.get(known(places, a.image, a, "image"))
                    .add(new Target.Instance(label, a.box, a.area, false, a.crowd, a.mask));
        }
        List<Target.Objects> targets = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            targets.add(new Target.Objects(images.get(i).width, images.get(i).height, objects.get(i)));
        }
        return targets;
    }

    private List<String> classes() {
        return categories.stream().map(Category::name).toList();
    }

    private Long2IntOpenHashMap ranks(long[] ids, String what) {
        Long2IntOpenHashMap ranks = new Long2IntOpenHashMap();
        ranks.defaultReturnValue(ABSENT);
        for (int i = 0; i < ids.length; i++) {
            if (ranks.put(ids[i], i) != ABSENT) {
                throw new DataException(json + ": two of the id " + ids[i] + ": " + what);
            }
        }
        return ranks;
    }

    private int known(Long2IntOpenHashMap ranks, long id, Annotation of, String what) {
        int rank = ranks.get(id);
        if (rank == ABSENT) {
            throw new DataException(
                    json + ": the annotation " + of.id + " has the " + what + " " + id + ", which is not in the file");
        }
        return rank;
    }
}
