package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageList;
import org.jmoco.nn.data.source.Voc;
import org.junit.jupiter.params.provider.MethodSource;

/// Lists of images in all their forms. No line of one leads out of the folder of images.
class ImageListFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 2 << 20, 4096);
    private static final Folder FOLDER = new Folder();
    private static final Path IMAGES = FOLDER.root().resolve("images");

    static {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        for (String name : List.of(
                "images/n01/n01_1.png",
                "images/n01/n01_2.png",
                "images/n02/n02_1.png",
                "images/a b.png",
                "images/JPEGImages/000001.jpg",
                "outside.png")) {
            FOLDER.write(name, png);
        }
    }

    static Stream<byte[]> seeds() {
        return Seeds.texts(
                "n01/n01_1.png 0\nn02/n02_1.png 1\nn01/n01_2.png 0\n",
                "n01/n01_1.png\nn02/n02_1.png\n",
                "n01_2.png\nn02_1.png\n",
                "a b.png 7\r\n\r\n",
                "000001\n",
                "../outside.png\n",
                "../outside.png 3\n",
                "/data/outside.png\n",
                "n01/../../outside.png\n",
                "\u009b2J.png\n");
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void list(byte[] file) {
        Path list = FOLDER.write("list.txt", file);
        FOLDER.write("images/ImageSets/Main/x.txt", file);
        BOUNDS.hold(file, bytes -> inside(ImageList.of(list, IMAGES)));
        BOUNDS.hold(file, bytes -> inside(ImageList.labelled(list, IMAGES, 2)));
        BOUNDS.hold(file, bytes -> inside(ImageList.imageNetSubset(list, IMAGES)));
        BOUNDS.hold(file, bytes -> inside(Voc.listed(IMAGES, "Main/x")));
    }

    private static void inside(ImageFiles images) {
        for (int i = 0; i < images.size(); i++) {
            if (!Path.of("/").resolve(images.name(i)).normalize().startsWith("/data/images")) {
                throw new AssertionError("leads out of the folder: " + images.name(i));
            }
        }
    }
}
