package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.nn.data.DataException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The official annotation files of iNaturalist 2018, `train2018.json` and `val2018.json`, of COCO's form:
/// `images[]` with `id` and `file_name`, `annotations[]` with `image_id` and `category_id`.
public final class INaturalist {
    private static final int NO_CATEGORY = -1;

    private INaturalist() {}

    /// The images of a file in its order, each with the class of its annotation.
    ///
    /// @param root what the file names are relative to: the folder that holds `train_val2018`
    /// @throws DataException if the file is missing, no such JSON, an image has no annotation or a negative class,
    ///     or an image file is missing
    public static ImageFiles read(Path json, Path root) {
        List<Path> files = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        Long2IntOpenHashMap categories = new Long2IntOpenHashMap();
        categories.defaultReturnValue(NO_CATEGORY);
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw wrong(json);
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("images") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        readImage(parser, json, root, files, ids);
                    }
                } else if (key.equals("annotations") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        readAnnotation(parser, categories);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage() == null
                    ? "cannot be read"
                    : e.getOriginalMessage().lines().findFirst().orElse("");
            throw new DataException(json + ": is no iNaturalist annotation file (" + reason + ")", e);
        }
        if (files.isEmpty()) {
            throw wrong(json);
        }
        int[] labels = new int[files.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = categories.get(ids.get(i).longValue());
            if (labels[i] < 0 || labels[i] >= ImageList.MOST_CLASSES) {
                throw new DataException(json + ": image " + files.get(i)
                        + (labels[i] < 0
                                ? " has no annotation with a category from 0 on"
                                : " has the category " + labels[i] + ": there are at most 1,000,000"));
            }
        }
        DataFiles.requireFiles(files, i -> json.toString());
        return new ImageFiles(files, Targets.Numbers.of(labels), List.of());
    }

    private static void readImage(JsonParser parser, Path json, Path root, List<Path> files, List<Long> ids) {
        String name = null;
        long id = -1;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("file_name") && value == JsonToken.VALUE_STRING) {
                name = parser.getString();
            } else if (key.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
                id = parser.getLongValue();
            } else {
                parser.skipChildren();
            }
        }
        if (name == null) {
            throw wrong(json);
        }
        files.add(DataFiles.inside(root, name, json + ": image " + id));
        ids.add(id);
    }

    private static void readAnnotation(JsonParser parser, Long2IntOpenHashMap categories) {
        long image = -1;
        int category = NO_CATEGORY;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("image_id") && value == JsonToken.VALUE_NUMBER_INT) {
                image = parser.getLongValue();
            } else if (key.equals("category_id") && value == JsonToken.VALUE_NUMBER_INT) {
                category = parser.getIntValue();
            } else {
                parser.skipChildren();
            }
        }
        categories.put(image, category);
    }

    private static DataException wrong(Path json) {
        return new DataException(json
                + ": is no iNaturalist annotation file (images with id and file_name, annotations "
                + "with image_id and category_id)");
    }
}
