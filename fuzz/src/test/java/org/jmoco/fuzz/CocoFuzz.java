package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageFiles;
import org.junit.jupiter.params.provider.MethodSource;

/// Annotations of COCO's form, with masks as polygons and as runs. No image lies outside the folder.
class CocoFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 8 << 20, 4096);
    private static final Folder FOLDER = new Folder();

    static {
        FOLDER.write("images/a.png", PngWriter.encode(new RgbImage(4, 3)));
        FOLDER.write("outside.png", PngWriter.encode(new RgbImage(4, 3)));
    }

    static Stream<byte[]> seeds() {
        String head = "{\"images\":[{\"id\":1,\"file_name\":\"a.png\",\"width\":4,\"height\":3}],"
                + "\"categories\":[{\"id\":3,\"name\":\"cat\"}],\"annotations\":[{\"id\":1,\"image_id\":1,"
                + "\"category_id\":3,\"bbox\":[0,0,2.5,2],\"area\":5,\"iscrowd\":";
        return Seeds.texts(
                head + "0,\"segmentation\":[[0,0,2,0,2,2]]}]}",
                head + "1,\"segmentation\":{\"counts\":[2,3,7],\"size\":[3,4]}}]}",
                head + "1,\"segmentation\":{\"counts\":\"232\",\"size\":[3,4]}}]}",
                head.replace("a.png", "../outside.png") + "0}]}");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void annotations(byte[] file) {
        Path json = FOLDER.write("annotations.json", file);
        Path images = FOLDER.root().resolve("images");
        BOUNDS.hold(file, bytes -> {
            CocoAnnotations read = CocoInstances.annotations(json);
            if (read.categoryIds().isEmpty()) {
                throw new AssertionError("no category");
            }
        });
        BOUNDS.hold(file, bytes -> inside(images, CocoInstances.read(json, images, ImageDecoder.STANDARD)));
    }

    private static void inside(Path folder, ImageFiles images) {
        for (int i = 0; i < images.size(); i++) {
            images.target(i);
            if (!images.file(i).normalize().startsWith(folder)) {
                throw new AssertionError("leads out of the images: " + images.file(i));
            }
        }
    }
}
