package org.jmoco.nn.data.dense;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The annotations of made scenes as COCO's `instances_….json` has them. Numbers of images, categories and
/// annotations begin at 1: some evaluators take 0 for none.
final class SceneJson {
    private SceneJson() {}

    /// @param ids of the images, whose files are `<id>.png`
    static void write(Path file, List<String> ids, SceneMaker.Made[] scenes, List<String> classes) {
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), file, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("images");
            for (int i = 0; i < scenes.length; i++) {
                json.writeStartObject();
                json.writeNumberProperty("id", i + 1);
                json.writeStringProperty("file_name", ids.get(i) + ".png");
                json.writeNumberProperty("width", scenes[i].image().width());
                json.writeNumberProperty("height", scenes[i].image().height());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("categories");
            for (int c = 0; c < classes.size(); c++) {
                json.writeStartObject();
                json.writeNumberProperty("id", c + 1);
                json.writeStringProperty("name", classes.get(c));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("annotations");
            int number = 1;
            for (int i = 0; i < scenes.length; i++) {
                for (SceneMaker.MadeObject object : scenes[i].objects()) {
                    annotation(json, number++, i + 1, scenes[i], object);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void annotation(
            JsonGenerator json, int number, int image, SceneMaker.Made scene, SceneMaker.MadeObject object) {
        PixelBox box = object.box();
        json.writeStartObject();
        json.writeNumberProperty("id", number);
        json.writeNumberProperty("image_id", image);
        json.writeNumberProperty("category_id", object.label() + 1);
        json.writeNumberProperty("iscrowd", 0);
        json.writeNumberProperty("area", object.area());
        json.writeName("bbox");
        array(json, box.left(), box.top(), box.width(), box.height());
        int width = scene.image().width();
        int height = scene.image().height();
        Optional<List<double[]>> polygons = MaskOutline.polygons(object.mask(), width, height);
        json.writeName("segmentation");
        if (polygons.isPresent()) {
            json.writeStartArray();
            for (double[] ring : polygons.get()) {
                json.writeStartArray();
                for (double coordinate : ring) {
                    json.writeNumber((int) coordinate);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        } else {
            json.writeStartObject();
            json.writeName("size");
            array(json, height, width);
            json.writeName("counts");
            array(json, MaskOutline.runs(object.mask(), width, height));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void array(JsonGenerator json, int... values) {
        json.writeStartArray();
        for (int value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
