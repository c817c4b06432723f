package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jmoco.eval.segment.SegmentConfig;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.backend.jvm.JvmFootprint;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco segment` through the recipes of the model zoo, shortened, on miniatures in the layouts of their data
/// sets.
class SegmentCommandTest {
    private static final String VOC = "../configs/benchmarks/fcn_r50-d8_512x512_20k_voc12aug.yaml";
    private static final String CITYSCAPES = "../configs/benchmarks/fcn_r50-d8_769x769_40k_cityscapes.yaml";
    private static final int WIDTH = 60;
    private static final int HEIGHT = 40;

    @TempDir
    private Path temp;

    private static List<String> shortened(String... more) {
        List<String> all = new ArrayList<>();
        for (String set : List.of(
                "recipe.iterations=2",
                "recipe.batch=2",
                "recipe.images-at-once=2",
                "crops.side=33",
                "crops.long-side=60",
                "crops.short-side=40",
                "test.long-side=60",
                "test.short-side=40")) {
            all.addAll(List.of("--set", set));
        }
        all.addAll(List.of(more));
        return all;
    }

    private static Result segment(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("segment"));
        for (Object a : arguments) {
            if (a instanceof List<?> several) {
                all.addAll(several);
            } else {
                all.add(a);
            }
        }
        return run(all.toArray());
    }

    /// A dark image with a bright box, and its label map.
    private static void scene(int number, int label, Path image, Path map) throws IOException {
        Files.createDirectories(image.getParent());
        Files.createDirectories(map.getParent());
        byte[] rgb = new byte[WIDTH * HEIGHT * 3];
        BufferedImage labels = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            int x = at % WIDTH - 5 * number;
            int y = at / WIDTH - 10;
            boolean inside = x >= 0 && x < 25 && y >= 0 && y < 20;
            labels.getRaster().setSample(at % WIDTH, at / WIDTH, 0, at < WIDTH ? 255 : inside ? label : 0);
            for (int c = 0; c < 3; c++) {
                rgb[3 * at + c] = (byte) ((inside ? 150 : 20) + (at * (c + 3) + number) % 50);
            }
        }
        PngWriter.write(new RgbImage(WIDTH, HEIGHT, rgb), image);
        ImageIO.write(labels, "png", map.toFile());
    }

    private Path voc(int label) throws IOException {
        Path year = temp.resolve("VOCdevkit/VOC2012");
        for (String set : List.of("train", "val")) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String id = "2007_" + set + i;
                ids.add(id);
                Path image = year.resolve("JPEGImages/" + id + ".jpg"); // what a file is follows from its content
                scene(i, label, image, year.resolve("SegmentationClass/" + id + ".png"));
            }
            Path list = year.resolve("ImageSets/Segmentation/" + set + ".txt");
            Files.createDirectories(list.getParent());
            Files.write(list, ids);
        }
        return year;
    }

    private Path cityscapes() throws IOException {
        Path root = temp.resolve("cityscapes");
        for (String part : List.of("train", "val")) {
            for (int i = 0; i < 2; i++) {
                String name = part + "/ulm/ulm_00000" + i + "_000019_";
                scene(
                        i,
                        13,
                        root.resolve("leftImg8bit/" + name + "leftImg8bit.png"),
                        root.resolve("gtFine/" + name + "gtFine_labelTrainIds.png"));
            }
        }
        return root;
    }

    /// One image to train on and one to test on.
    private Path folders() throws IOException {
        Path root = temp.resolve("folders");
        for (String part : List.of("train", "val")) {
            scene(1, 2, root.resolve("images/" + part + "/one.png"), root.resolve("labels/" + part + "/one.png"));
        }
        return root;
    }

    /// Fewer images than a batch has, in a layout of one's own.
    @Test
    void oneImageIsEnough() throws IOException {
        Result r = segment(
                "--config",
                VOC,
                "--untrained",
                "--arch",
                "resnet18",
                "--width",
                "1",
                "--data",
                folders(),
                "--out",
                temp.resolve("out"),
                shortened("--set", "data.classes=3"));
        assertEquals(0, r.code(), r.err().toString());
        assertEquals("1", r.value("images"));
    }

    /// Nothing but 255 in the label maps, and a single class.
    @Test
    void dataWithNothingToTellApartIsRefused() throws IOException {
        Path root = temp.resolve("folders");
        for (String part : List.of("train", "val")) {
            Path labels = root.resolve("labels/" + part + "/one.png");
            scene(1, 1, root.resolve("images/" + part + "/one.png"), labels);
            BufferedImage none = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
            none.getRaster().setSamples(0, 0, WIDTH, HEIGHT, 0, filled(255));
            ImageIO.write(none, "png", labels.toFile());
        }
        List<Object> all = new ArrayList<>(List.of("--config", VOC, "--untrained", "--arch", "resnet18"));
        all.addAll(List.of("--width", "1", "--data", root, "--out", temp.resolve("out")));
        refused(
                "val/one.png: no pixel of this and the other test images has a class",
                segment(all, shortened("--set", "data.classes=3")));
        refused("names [0]", segment(all, shortened("--set", "data.classes=1")));
    }

    private static int[] filled(int label) {
        int[] labels = new int[WIDTH * HEIGHT];
        Arrays.fill(labels, label);
        return labels;
    }

    /// A thin ResNet-50 as PyTorch saves it, with the counters of its 53 batch norms.
    private Path encoder() {
        ResNet net = new ResNet(ResNet.Config.of(Arch.RESNET50).width(2));
        net.initialize(1);
        Map<String, ArrayData> arrays = new LinkedHashMap<>(StateDict.of(net));
        for (String name : List.copyOf(arrays.keySet())) {
            if (name.endsWith("running_var")) {
                arrays.put(
                        name.replace("running_var", "num_batches_tracked"),
                        ArrayData.of(ElementType.I64, new long[0], MemorySegment.ofArray(new byte[Long.BYTES])));
            }
        }
        Path file = temp.resolve("encoder.safetensors");
        SafeTensors.write(file, arrays, Map.of());
        return file;
    }

    @Test
    void vocFromWeightsToOverlays() throws IOException {
        Path data = voc(15);
        Path out = temp.resolve("out");
        Result r = segment("--config", VOC, "--weights", encoder(), "--data", data, "--out", out, shortened());
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(r.err().getFirst().contains("318 of 318 tensors"), r.err().toString());
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("3 training images, 3 test images, 21 classes")),
                r.err().toString());
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("linear scaling rule")),
                r.err().toString());
        assertTrue(
                r.out().getFirst().contains("segment/fcn_r50-d8_512x512_20k_voc12aug ["),
                r.out().getFirst());
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("truth, prediction")
                && page.contains("2007_val")
                && page.contains("loss and its parts, nats"));
        assertTrue(Files.exists(out.resolve("items.safetensors")));

        Result again = segment("--config", VOC, "--weights", encoder(), "--data", data, "--out", out, shortened());
        assertEquals(1, again.code());
        assertTrue(again.err().getLast().contains("--resume"), again.err().toString());

        byte[] items = Files.readAllBytes(out.resolve("items.safetensors"));
        Result measured = segment("--config", VOC, "--eval-only", "--data", data, "--out", out, shortened());
        assertEquals(0, measured.code(), measured.err().toString());
        assertArrayEquals(items, Files.readAllBytes(out.resolve("items.safetensors")));
        measuresWithoutTrainingImages(data, out.resolve("final.safetensors"), items);

        Path image = data.resolve("JPEGImages/2007_val0.jpg");
        Result drawn = segment("--predict", image, "--model", out);
        assertEquals(0, drawn.code(), drawn.err().toString());
        assertTrue(drawn.out().getLast().contains("%"), drawn.out().toString());
        assertTrue(Files.exists(out.resolve("predictions/2007_val0.png")));
        anyImagesAreLabelled(out);

        refused(
                "holds the result of another network",
                segment("--config", VOC, "--eval-only", "--weights", encoder(), "--data", data, "--out", out));
        Files.delete(out.resolve("final.safetensors"));
        refused("has not come to its end", segment("--predict", image, "--model", out));
        refused(
                "--eval-only measures the segmenter in --weights",
                segment("--config", VOC, "--eval-only", "--data", data, "--out", out, shortened()));
    }

    private void measuresWithoutTrainingImages(Path voc, Path weights, byte... items) throws IOException {
        Path list = voc.resolve("ImageSets/Segmentation/train.txt");
        Path aside = Files.move(list, temp.resolve("train.txt"));
        Path tested = temp.resolve("tested");
        Result r = segment(
                "--config", VOC, "--eval-only", "--weights", weights, "--data", voc, "--out", tested, shortened());
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("3 test images, 21 classes")),
                r.err().toString());
        assertArrayEquals(items, Files.readAllBytes(tested.resolve("items.safetensors")));
        assertFalse(Files.readString(tested.resolve("result.json")).contains("training images"));
        refused(
                "train.txt",
                segment("--config", VOC, "--weights", encoder(), "--data", voc, "--out", temp.resolve("none")));
        Files.move(aside, list);
    }

    /// A folder, with images of any kind and shape, two of which have one name.
    private void anyImagesAreLabelled(Path run) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("photos/more")).getParent();
        ImageIO.write(
                new BufferedImage(9, 7, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("grey.png").toFile());
        ImageIO.write(
                new BufferedImage(8, 9, BufferedImage.TYPE_INT_ARGB),
                "png",
                folder.resolve("alpha.png").toFile());
        ImageIO.write(
                new BufferedImage(1, 30, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("thin.png").toFile());
        ImageIO.write(
                new BufferedImage(40, 1, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("flat.png").toFile());
        ImageIO.write(
                new BufferedImage(5, 5, BufferedImage.TYPE_INT_RGB),
                "bmp",
                folder.resolve("more/grey.bmp").toFile());
        Path to = temp.resolve("drawn");
        Result r = segment("--predict", folder, "--model", run, "--out", to);
        assertEquals(0, r.code(), r.err().toString());
        assertEquals(5, r.out().size(), r.out().toString());
        for (String name : List.of("grey", "grey-2", "alpha", "thin", "flat")) {
            assertTrue(Files.exists(to.resolve(name + ".png")), name);
        }
        refused("no such file", segment("--predict", temp.resolve("nowhere"), "--model", run));
        refused("no run of jmoco segment", segment("--predict", folder, "--model", folder));
    }

    @Test
    void cityscapesThroughWindowsWithFewImagesAtOnce() throws IOException {
        Result r = segment(
                "--config",
                CITYSCAPES,
                "--untrained",
                "--width",
                "1",
                "--data",
                cityscapes(),
                "--out",
                temp.resolve("out"),
                shortened("--set", "test.crop=33", "--set", "test.stride=20", "--set", "recipe.images-at-once=1"));
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("warning") && l.contains("share batch norm's statistics")),
                r.err().toString());
        assertTrue(
                r.out().getFirst().contains("recipe.images-at-once=1"), r.out().getFirst());
        assertEquals("2", r.value("images"));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Path data = voc(21);
        Path out = temp.resolve("out");
        refused(
                "the label 21, outside 0 … 20",
                segment("--config", VOC, "--untrained", "--width", "1", "--data", data, "--out", out, shortened()));
        assertFalse(Files.exists(out.resolve("final.safetensors")));
        refused(
                "there is no such folder",
                segment("--config", VOC, "--untrained", "--data", temp.resolve("nowhere"), "--out", out));
        refused(
                "unknown key recipe.epochs",
                segment("--config", VOC, "--untrained", "--data", data, "--out", out, "--set", "recipe.epochs=3"));
        refused(
                "label maps have 1 to 255 classes, not 256",
                segment(
                        "--config",
                        VOC,
                        "--untrained",
                        "--data",
                        folders(),
                        "--out",
                        out,
                        "--set",
                        "data.classes=256"));
        refused(
                "holds no label maps",
                segment(
                        "--config",
                        VOC,
                        "--untrained",
                        "--data",
                        Files.createDirectory(temp.resolve("no")),
                        "--out",
                        out));
        refused(
                "multiple of recipe.images-at-once",
                segment(
                        "--config",
                        VOC,
                        "--untrained",
                        "--data",
                        data,
                        "--out",
                        out,
                        "--set",
                        "recipe.images-at-once=3"));
        refused(
                "ResNet-50",
                segment("--config", VOC, "--weights", encoder(), "--arch", "resnet18", "--data", data, "--out", out));
        refused(
                "holds no segmenter",
                segment("--config", VOC, "--eval-only", "--weights", encoder(), "--data", data, "--out", out));
        assertEquals(2, segment("--config", VOC, "--data", data, "--out", out).code());
        assertEquals(2, segment("--predict", "a.jpg").code());
        assertEquals(2, segment("--untrained", "--out", out).code());
    }

    @Test
    void aRecipeIsPlannedWithoutItsData() {
        Result fits = run(plan("64g", 10_582));
        assertEquals(0, fits.code(), fits.err().toString());
        assertEquals("20000", fits.value("steps"));
        assertEquals("30.24", fits.value("epochs")); // 20,000 · 16 / 10,582
        assertEquals("16", fits.value("imagesAtOnce"));
        assertTrue(
                Double.parseDouble(fits.value("offHeapMiB")) > 16 * 600,
                fits.out().getLast());

        Result thin = run(plan("64g", 100, "--set", "encoder.width=8", "--set", "recipe.images-at-once=4"));
        assertEquals(0, thin.code(), thin.err().toString());
        assertTrue(
                thin.out().stream().anyMatch(l -> l.contains("batch 16, 4 at once")),
                thin.out().toString());
        assertEquals("16", thin.value("imagesAtOnce"));

        refused("data.classes=21", run("plan", "--config", VOC, "--images", 100));
        assertEquals(2, run(plan("64g", 100, "--processes", "2")).code());
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatDoes() {
        String[] small = {"--set", "encoder.arch=resnet18", "--set", "encoder.width=2", "--set", "crops.side=256"};
        double young = JvmFootprint.young() / (double) (1 << 20);
        Result r = run(plan((int) (young + 320) + "m", 100, small));
        int atOnce = Integer.parseInt(r.value("imagesAtOnce"));
        assertTrue(atOnce >= 1 && atOnce < 16, r.out().toString());
        refused("recipe.images-at-once=" + atOnce + " fits, and is another protocol", r);
        refused("not even one image fits at once", run(plan("100m", 100, small)));
    }

    /// With the data here, and without.
    @Test
    void timeIsTried() throws IOException {
        List<Object> all = new ArrayList<>(List.of("plan", "--config", VOC, "--warm-up", 2, "--steps", 2));
        all.addAll(List.of("--set", "encoder.arch=resnet18", "--set", "encoder.width=2"));
        all.addAll(shortened());
        List<Object> here = new ArrayList<>(all);
        here.addAll(List.of("--set", "data.path=" + voc(1)));
        Result r = run(here.toArray());
        assertEquals(0, r.code(), r.err().toString());
        double step = Double.parseDouble(r.value("stepMillis")) / 1000;
        assertTrue(step > 0, r.out().getLast());
        assertTrue(
                Double.parseDouble(r.value("totalSeconds")) >= 2 * step - 0.05,
                r.out().getLast());
        assertTrue(
                r.out().stream().anyMatch(l -> l.contains("3 test images included")),
                r.out().toString());
        all.addAll(List.of("--images", 9, "--set", "data.classes=4"));
        Result away = run(all.toArray());
        assertTrue(
                away.out().stream().anyMatch(l -> l.contains("the test left out")),
                away.out().toString());
    }

    private static Object[] plan(String limit, int images, String... more) {
        List<Object> all = new ArrayList<>(List.of("plan", "--no-trial", "--config", VOC, "--images", images));
        all.addAll(List.of("--set", "data.classes=21", "--memory-limit", limit));
        all.addAll(List.of(more));
        return all.toArray();
    }

    /// More memory than any machine has: nothing is begun.
    @Test
    void aRunThatCannotFitWritesNothing() throws IOException {
        Path out = temp.resolve("out");
        Result r = segment(
                "--config",
                VOC,
                "--untrained",
                "--arch",
                "resnet18",
                "--width",
                "2",
                "--data",
                voc(1),
                "--out",
                out,
                shortened("--set", "crops.side=16001"));
        refused("not even one image fits at once", r);
        assertFalse(Files.exists(out));
    }

    /// A few steps a training; what is measured is `SceneSuiteTest`'s.
    private static Object[] suite(Path data, Path out, String... more) {
        List<Object> all = new ArrayList<>(List.of("evaluate", "--suite", "scenes", "--untrained", "--data", data));
        all.addAll(List.of("--set", "tasks=[segmentation]"));
        all.addAll(List.of("--arch", "resnet18", "--stem", "cifar", "--width", 1, "--seeds", 2, "--out", out));
        for (String set : List.of("recipe.iterations=2", "recipe.batch=2", "recipe.images-at-once=2")) {
            all.addAll(List.of("--set", "segmentation." + set));
        }
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Test
    void theSuiteOnScenesEndsInOneAnswer() throws IOException {
        Path scenes = temp.resolve("scenes");
        refused("data scenes", run(suite(scenes, temp.resolve("none"))));
        assertEquals(
                0,
                run("data", "scenes", "--out", scenes, "--train", 4, "--test", 3)
                        .code());
        Path out = temp.resolve("suite");
        Result r = run(suite(scenes, out));
        assertEquals(0, r.code(), r.err().toString());
        assertEquals(
                "suite/scenes [seeds=2; segmentation.recipe.batch=2; segmentation.recipe.images-at-once=2; "
                        + "segmentation.recipe.iterations=2]",
                r.value("protocol"));
        assertTrue(
                r.out().stream().anyMatch(l -> l.matches("segmentation mIoU: trained - untrained .*seeds.*")),
                r.out().toString());
        assertTrue(
                r.value("segmentation_mIoU_untrained").matches("[\\d.]+"),
                r.out().getLast());
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("segmentation, untrained, seed 1 (4/4)")),
                r.err().toString());
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("Trained beside untrained") && page.contains("p images"), "the page lacks the answer");
        assertTrue(Files.exists(out.resolve("segmentation/trained-0/report.html")));
        byte[] items = Files.readAllBytes(out.resolve("items.safetensors"));

        refused("already holds a run", run(suite(scenes, out)));
        Files.delete(out.resolve("segmentation/untrained-1/result.json"));
        Result resumed = run(suite(scenes, out, "--resume"));
        assertEquals(0, resumed.code(), resumed.err().toString());
        assertArrayEquals(items, Files.readAllBytes(out.resolve("items.safetensors")));
        refused("is of another run", run(suite(scenes, out, "--resume", "--set", "segmentation.recipe.lr=0.05")));
        assertEquals(
                2,
                run("evaluate", "--suite", "cityscapes", "--untrained", "--out", out)
                        .code());
    }

    /// The suite's recipe is the file's: one run of the suite can be had by itself.
    @Test
    void theRecipeOfScenesIsTheFile() {
        assertEquals(
                SegmentConfig.scenes(),
                Binder.bind(
                        ConfigTree.read(Path.of("../configs/benchmarks/fcn_r18w16-d4_scenes.yaml")),
                        SegmentConfig.defaults()));
    }

    private static void refused(String why, Result r) {
        assertEquals(1, r.code(), r.err().toString());
        List<String> lines =
                r.err().stream().filter(l -> l.startsWith("jmoco: ")).toList();
        assertEquals(1, lines.size(), r.err().toString());
        assertTrue(lines.getFirst().contains(why), lines.getFirst());
        assertFalse(r.err().toString().contains("\tat "), "a stack trace");
    }
}
