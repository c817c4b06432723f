package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.SceneDetectors;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco detect` through the recipes of the model zoo, shortened, on miniatures in the layouts of their data sets.
class DetectCommandTest {
    private static final String FOLDER = "../configs/benchmarks/";
    private static final String VOC = FOLDER + "faster_rcnn_r50_c4_mstrain_24k_voc0712.yaml";
    private static final String VOC_MOCO = FOLDER + "pascal_voc_R_50_C4_24k_moco.yaml";
    private static final String COCO = FOLDER + "mask_rcnn_r50_fpn_mstrain_1x_coco.yaml";
    private static final String COCO_MOCO = FOLDER + "coco_R_50_FPN_1x_moco.yaml";
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
                "recipe.milestones=[1]",
                "recipe.precise-batch-norm=1",
                "views.short-sides=[40, 48]",
                "views.long-side=66",
                "test.short-side=40",
                "test.long-side=66",
                "rpn.samples=16",
                "rpn.training.before=50",
                "rpn.training.after=20",
                "rpn.testing.before=50",
                "rpn.testing.after=10",
                "test.score=0.01",
                "test.most=5",
                "regions.samples=8")) {
            all.addAll(List.of("--set", set));
        }
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> pyramid() {
        return shortened("--set", "model.channels=4", "--set", "model.hidden=8");
    }

    private static Result detect(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("detect"));
        for (Object a : arguments) {
            if (a instanceof List<?> several) {
                all.addAll(several);
            } else {
                all.add(a);
            }
        }
        return run(all.toArray());
    }

    /// A dark image with a bright box at (5·number, 10).
    private static void image(int number, Path file) {
        byte[] rgb = new byte[WIDTH * HEIGHT * 3];
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            int x = at % WIDTH - 5 * number;
            int y = at / WIDTH - 10;
            boolean inside = x >= 0 && x < 25 && y >= 0 && y < 20;
            for (int c = 0; c < 3; c++) {
                rgb[3 * at + c] = (byte) ((inside ? 150 : 20) + (at * (c + 3) + number) % 50);
            }
        }
        PngWriter.write(new RgbImage(WIDTH, HEIGHT, rgb), file);
    }

    private Path voc(String name) throws IOException {
        Path devkit = temp.resolve("VOCdevkit");
        vocSet(devkit.resolve("VOC2007"), "trainval", 3, "00000", name);
        vocSet(devkit.resolve("VOC2012"), "trainval", 2, "2012_00000", name);
        vocSet(devkit.resolve("VOC2007"), "test", 3, "00001", "dog");
        return devkit;
    }

    private static void vocSet(Path year, String set, int count, String stem, String name) throws IOException {
        for (String folder : List.of("JPEGImages", "Annotations", "ImageSets/Main")) {
            Files.createDirectories(year.resolve(folder));
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = stem + i;
            ids.add(id);
            image(i, year.resolve("JPEGImages/" + id + ".jpg")); // what a file is follows from its content
            String box = "<bndbox><xmin>" + (5 * i + 1) + "</xmin><ymin>11</ymin><xmax>" + (5 * i + 25)
                    + "</xmax><ymax>30</ymax></bndbox>";
            Files.writeString(
                    year.resolve("Annotations/" + id + ".xml"),
                    "<annotation><size><width>60</width><height>40</height></size><object><name>" + name
                            + "</name><difficult>0</difficult>" + box
                            + "</object><object><name>cat</name><difficult>1</difficult>" + box
                            + "</object></annotation>");
        }
        Files.write(year.resolve("ImageSets/Main/" + set + ".txt"), ids);
    }

    /// Images 1 and 2 have an object, 3 a crowd, 4 nothing.
    private Path coco(String segmentation) throws IOException {
        Path root = temp.resolve("coco");
        for (String part : List.of("train2017", "val2017")) {
            List<String> images = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                image(i, root.resolve(part + "/" + i + ".png"));
                images.add(
                        "{\"id\":" + (10 * (5 - i)) + ",\"file_name\":\"" + i + ".png\",\"width\":60,\"height\":40}");
            }
            String objects = "{\"id\":1,\"image_id\":40,\"category_id\":18,\"bbox\":[5,10,25,20],\"area\":500,"
                    + "\"iscrowd\":0,\"segmentation\":" + segmentation + "},"
                    + "{\"id\":2,\"image_id\":30,\"category_id\":17,\"bbox\":[10,10,25,20],\"area\":500,"
                    + "\"iscrowd\":0,\"segmentation\":[[10,10,35,10,35,30,10,30]]},"
                    + "{\"id\":3,\"image_id\":20,\"category_id\":17,\"bbox\":[0,0,60,40],\"area\":2400,"
                    + "\"iscrowd\":1,\"segmentation\":{\"size\":[40,60],\"counts\":[0,2400]}}";
            Path json = root.resolve("annotations/instances_" + part + ".json");
            Files.createDirectories(json.getParent());
            Files.writeString(
                    json,
                    "{\"images\":[" + String.join(",", images) + "],\"annotations\":[" + objects
                            + "],\"categories\":[{\"id\":17,\"name\":\"cat\"},{\"id\":18,\"name\":\"dog\"}]}");
        }
        return root;
    }

    private static final String SQUARE = "[[5,10,30,10,30,30,5,30]]";

    /// A thin ResNet-50.
    private Path encoder() {
        ResNet net = new ResNet(ResNet.Config.of(Arch.RESNET50).width(2));
        net.initialize(1);
        Path file = temp.resolve("encoder.safetensors");
        SafeTensors.write(file, StateDict.of(net), Map.of());
        return file;
    }

    @Test
    void vocFromWeightsToDrawnBoxes() throws IOException {
        Path data = voc("dog");
        Path out = temp.resolve("out");
        Result r = detect("--config", VOC, "--weights", encoder(), "--data", data, "--out", out, shortened());
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(r.err().getFirst().contains("265 of 265 tensors"), r.err().toString());
        said(r, "5 training images, 3 test images, 20 classes");
        said(r, "linear scaling rule");
        said(r, "5 objects of the training images are difficult and are not trained on");
        assertTrue(
                r.out().getFirst().contains("detect/faster_rcnn_r50_c4_mstrain_24k_voc0712 ["),
                r.out().getFirst());
        assertTrue(Double.parseDouble(r.value("AP50")) >= 0);
        String page = Files.readString(out.resolve("report.html"));
        for (String shown : List.of(
                "what was found",
                "00001",
                "proposals: object or not",
                "objects among the anchors drawn",
                "objects among the regions drawn")) {
            assertTrue(page.contains(shown), shown);
        }
        assertTrue(Files.readString(out.resolve("result.json")).contains("AP75"));

        Result again = detect("--config", VOC, "--weights", encoder(), "--data", data, "--out", out, shortened());
        assertEquals(1, again.code());
        assertTrue(again.err().getLast().contains("--resume"), again.err().toString());

        byte[] detections = Files.readAllBytes(out.resolve("detections.json"));
        Result measured = detect("--config", VOC, "--eval-only", "--data", data, "--out", out, shortened());
        assertEquals(0, measured.code(), measured.err().toString());
        assertArrayEquals(detections, Files.readAllBytes(out.resolve("detections.json")));

        // The same network under detectron2's names finds the same.
        Path theirs = temp.resolve("detectron2.pkl");
        Result converted = run("weights", "convert", out.resolve("final.safetensors"), theirs, "--to", "detectron2");
        assertEquals(0, converted.code(), converted.err().toString());
        assertTrue(converted.out().getFirst().contains("C4 detector of 20 classes, mmdet to detectron2"));
        shownAndCompared(out.resolve("final.safetensors"), theirs);
        Path other = temp.resolve("other");
        Result foreign = detect(
                "--config", VOC, "--eval-only", "--weights", theirs, "--data", data, "--out", other, shortened());
        assertEquals(0, foreign.code(), foreign.err().toString());
        assertArrayEquals(detections, Files.readAllBytes(other.resolve("detections.json")));
        refused(
                "holds the result of another network",
                detect("--config", VOC, "--eval-only", "--weights", theirs, "--data", data, "--out", out, shortened()));
        refused(
                "no such file",
                detect("--config", VOC, "--eval-only", "--data", data, "--out", temp.resolve("none"), shortened()));
        refused(
                "no names for this detector",
                run("weights", "convert", theirs, temp.resolve("no.pth"), "--to", "torchvision"));

        Path image = data.resolve("VOC2007/JPEGImages/000010.jpg");
        Result without = detect(
                "--predict", image, "--config", VOC, "--weights", theirs, "--out", other.resolve("drawn"), shortened());
        assertEquals(0, without.code(), without.err().toString());
        assertTrue(Files.exists(other.resolve("drawn/000010.png")));
        Result drawn = detect("--predict", image, "--model", out);
        assertEquals(0, drawn.code(), drawn.err().toString());
        assertTrue(drawn.out().getLast().startsWith(image + " -> "), drawn.out().toString());
        assertTrue(Files.exists(out.resolve("predictions/000010.png")));
    }

    /// detectron2 trains on difficult objects and ends with precise batch norm.
    @Test
    void vocAsTheAuthorsOfMocoDo() throws IOException {
        Result r = detect(
                "--config",
                VOC_MOCO,
                "--weights",
                encoder(),
                "--data",
                voc("dog"),
                "--out",
                temp.resolve("out"),
                shortened());
        assertEquals(0, r.code(), r.err().toString());
        assertFalse(r.err().toString().contains("difficult"), r.err().toString());
    }

    @Test
    void cocoWithMasksAndFewImagesAtOnce() throws IOException {
        Path data = coco(SQUARE);
        Path out = temp.resolve("out");
        Result r = detect(
                "--config",
                COCO,
                "--weights",
                encoder(),
                "--data",
                data,
                "--out",
                out,
                pyramid(),
                "--set",
                "recipe.images-at-once=1",
                "--set",
                "views.group=1");
        assertEquals(0, r.code(), r.err().toString());
        said(r, "3 training images, 4 test images, 2 classes");
        said(r, "1 object of the training images stands for many objects and is not trained on");
        said(r, "share batch norm's statistics");
        assertTrue(Double.parseDouble(r.value("boxAP")) >= 0);
        assertTrue(Double.parseDouble(r.value("maskAP")) >= 0);
        // COCO's own form: what was found can be read back for its images.
        DetectionsJson.read(
                out.resolve("detections.json"),
                CocoInstances.annotations(data.resolve("annotations/instances_val2017.json")));
        Result drawn = detect("--predict", data.resolve("val2017/1.png"), "--model", out);
        assertEquals(0, drawn.code(), drawn.err().toString());
        assertTrue(Files.exists(out.resolve("predictions/1.png")));
    }

    @Test
    void cocoAsTheAuthorsOfMocoDo() throws IOException {
        Result r = detect(
                "--config",
                COCO_MOCO,
                "--weights",
                encoder(),
                "--data",
                coco(SQUARE),
                "--out",
                temp.resolve("out"),
                pyramid());
        assertEquals(0, r.code(), r.err().toString());
        said(r, "2 training images, 4 test images, 2 classes");
        assertTrue(Double.parseDouble(r.value("maskAP")) >= 0);
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Path out = temp.resolve("out");
        List<String> thin = List.of("--untrained", "--width", "1");
        Path coco = coco("[[5,10,30]]");
        refused(
                "has boxes of objects but no masks",
                detect("--config", COCO, thin, "--data", voc("dog"), "--out", out, pyramid()));
        refused(
                "an object of no VOC class",
                detect("--config", VOC, thin, "--data", voc("unicorn"), "--out", out, shortened()));
        refused(
                "holds no boxes of objects",
                detect("--config", VOC, thin, "--data", Files.createDirectory(temp.resolve("no")), "--out", out));
        refused(
                "multiple of recipe.images-at-once",
                detect("--config", VOC, thin, "--data", coco, "--out", out, "--set", "recipe.images-at-once=3"));
        refused(
                "ResNet-50",
                detect("--config", VOC, "--weights", encoder(), "--arch", "resnet18", "--data", coco, "--out", out));
        refused(
                "holds no detector",
                detect("--config", VOC, "--eval-only", "--weights", encoder(), "--data", coco, "--out", out));
        Files.delete(coco.resolve("train2017/2.png"));
        refused("2.png", detect("--config", COCO, thin, "--data", coco, "--out", out, pyramid()));
        assertFalse(Files.exists(out.resolve("final.safetensors")));
        assertEquals(2, detect("--config", VOC, "--data", coco, "--out", out).code());
        assertEquals(2, detect("--predict", "a.jpg").code());
        assertEquals(2, detect("--untrained", "--out", out).code());
    }

    /// A detector's file is told from an encoder's, whosever names it has.
    private void shownAndCompared(Path ours, Path theirs) throws IOException {
        Map<Path, String> names = Map.of(ours, "layout    mmdet's names", theirs, "layout    detectron2's names");
        names.forEach((file, layout) -> {
            List<String> said = run("weights", "inspect", file).out().stream()
                    .filter(l -> !l.contains(" F32 "))
                    .toList();
            assertTrue(said.stream().anyMatch(l -> l.startsWith(layout)), said.toString());
            assertTrue(
                    said.stream()
                            .anyMatch(l -> l.startsWith("network   Faster R-CNN C4 on ResNet-50")
                                    && l.endsWith("20 classes, complete")),
                    said.toString());
        });
        Result same = run("weights", "diff", ours, theirs);
        assertEquals(0, same.code(), same.out().getLast());
        assertTrue(same.out().getLast().startsWith("0 of "), same.out().toString());

        SafeTensors file = SafeTensors.read(ours);
        Map<String, ArrayData> arrays = new LinkedHashMap<>(file.arrays());
        ArrayData lost = arrays.remove("roi_head.bbox_head.fc_reg.bias");
        Path part = temp.resolve("part.safetensors");
        SafeTensors.write(part, arrays, file.metadata());
        List<String> said = run("weights", "inspect", part).out();
        assertTrue(
                said.stream().anyMatch(l -> l.startsWith("network   ") && l.contains("fc_reg.bias")), said.toString());
        Result differ = run("weights", "diff", ours, part);
        assertEquals(1, differ.code());
        assertTrue(differ.out().getLast().startsWith("1 of "), differ.out().toString());

        float[] moved = lost.toFloatArray();
        moved[3] += 0.5f;
        arrays.put("roi_head.bbox_head.fc_reg.bias", ArrayData.ofFloats(moved, lost.shape()));
        SafeTensors.write(part, arrays, file.metadata());
        assertEquals(1, run("weights", "diff", part, theirs).code());
        assertEquals(
                0, run("weights", "diff", part, theirs, "--tolerance", "0.6").code());
    }

    @Test
    void aRecipeIsPlannedWithoutItsData() {
        Object[] thin = {"plan", "--config", VOC, "--images", 16_551, "--set", "encoder.width=4"};
        List<Object> all = new ArrayList<>(List.of(thin));
        all.addAll(List.of("--set", "data.classes=20", "--no-trial", "--memory-limit", "900g"));
        Result fits = run(all.toArray());
        assertEquals(0, fits.code(), fits.err().toString());
        assertEquals("24000", fits.value("steps"));
        assertEquals("23.20", fits.value("epochs")); // 24,000 · 16 / 16,551
        assertEquals("16", fits.value("imagesAtOnce"));
        assertTrue(
                fits.out().getFirst().contains("images of up to 800×1344 pixels"),
                fits.out().getFirst());
        all.set(all.size() - 1, "100m");
        refused("not even one image fits at once, a smaller views.short-sides needs less", run(all.toArray()));
        refused("data.classes=20", run(thin));
    }

    /// On its own images, precise batch norm and test included, and on noise before the data is there.
    @Test
    void timeIsForetoldFromAFewSteps() throws IOException {
        List<Object> plan = new ArrayList<>(List.of("plan", "--config", VOC_MOCO, "--warm-up", 1, "--steps", 2));
        plan.addAll(shortened("--set", "encoder.arch=resnet18", "--set", "encoder.width=2"));
        List<Object> here = new ArrayList<>(plan);
        here.addAll(List.of("--set", "data.path=" + voc("dog")));
        Result images = run(here.toArray());
        assertEquals(0, images.code(), images.err().toString());
        assertTrue(
                images.out().stream().anyMatch(l -> l.matches("a step takes .* 3 test images included")),
                images.out().toString());
        double seconds = Double.parseDouble(images.value("totalSeconds"));
        double step = Double.parseDouble(images.value("stepMillis")) / 1000;
        assertTrue(step > 0 && seconds + 0.1 > 3 * step, step + " s a step, " + seconds + " s in all");

        plan.addAll(List.of("--images", 10, "--set", "data.classes=4"));
        Result noise = run(plan.toArray());
        assertEquals(0, noise.code(), noise.err().toString());
        assertTrue(
                noise.out().stream().anyMatch(l -> l.matches("a step takes .* without loading.* the test left out")),
                noise.out().toString());
    }

    /// The bundled encoder by its name, in both detectors' recipes, on scenes as they are made.
    @Test
    void theSuiteOnScenesHasBothDetectors() throws IOException {
        Path scenes = temp.resolve("scenes");
        Result made = run("data", "scenes", "--out", scenes, "--train", 3, "--test", 2, "--size", 48);
        assertEquals(0, made.code(), made.err().toString());
        Path out = temp.resolve("suite");
        List<Object> suite = new ArrayList<>(List.of("evaluate", "--suite", "scenes", "--weights", "bundled"));
        suite.addAll(List.of("--data", scenes, "--seeds", 1, "--set", "tasks=[detection, instances]", "--out", out));
        for (String task : List.of("detection", "instances")) {
            for (String set : List.of(
                    "recipe.iterations=1",
                    "recipe.batch=2",
                    "recipe.images-at-once=2",
                    "recipe.precise-batch-norm=1",
                    "views.group=2",
                    "views.short-sides=[48]",
                    "views.long-side=48",
                    "test.short-side=48",
                    "test.long-side=48",
                    "test.most=10")) {
                suite.addAll(List.of("--set", task + "." + set));
            }
        }
        for (String set : List.of("recipe.iterations=1", "recipe.batch=2", "recipe.images-at-once=2")) {
            suite.addAll(List.of("--set", "segmentation." + set));
        }
        Result r = run(suite.toArray());
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(r.value("protocol").contains("detection.recipe.iterations=1"), r.value("protocol"));
        assertFalse(r.value("protocol").contains("tasks"), "what else is measured does not change a number");
        for (String row : List.of("detection AP", "instances mask AP", "instances box AP")) {
            assertTrue(r.out().stream().anyMatch(l -> l.startsWith(row + ": trained - untrained")), row);
            assertTrue(r.value(row.replace(' ', '_')).matches("[\\d.]+"), row);
        }
        assertTrue(
                r.err().stream().anyMatch(l -> l.contains("instances, untrained, seed 0 (4/4)")),
                r.err().toString());
        assertTrue(Files.readString(out.resolve("detection/trained-0/report.html"))
                .contains("objects among the regions drawn"));

        // Segmentation may come later: what is there is kept.
        byte[] found = Files.readAllBytes(out.resolve("instances/trained-0/detections.json"));
        Files.delete(out.resolve("instances/trained-0/detections.json"));
        suite.addAll(List.of("--resume", "--set", "tasks=[segmentation, detection, instances]"));
        Result more = run(suite.toArray());
        assertEquals(0, more.code(), more.err().toString());
        assertTrue(
                more.value("segmentation_mIoU").matches("[\\d.]+"), more.out().getLast());
        assertEquals(r.value("instances_mask_AP"), more.value("instances_mask_AP"));
        assertTrue(found.length > 1 && !Files.exists(out.resolve("instances/trained-0/detections.json")), "made again");
    }

    @Test
    void detectorsBeginFromTheBundledEncoder() {
        Path scenes = temp.resolve("scenes");
        assertEquals(
                0,
                run("data", "scenes", "--out", scenes, "--train", 3, "--test", 2)
                        .code());
        String config = FOLDER + "faster_rcnn_r18w16_c4_scenes.yaml";
        Path out = temp.resolve("out");
        Result r = detect(
                "--config",
                config,
                "--weights",
                "bundled",
                "--data",
                scenes,
                "--out",
                out,
                shortened("--set", "views.group=2", "--set", "views.long-side=96", "--set", "test.long-side=96"));
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(r.value("AP").matches("[\\d.]+"), r.out().getLast());
    }

    /// The suite's recipes are the files': one run of the suite can be had by itself.
    @Test
    void theRecipesOfScenesAreTheFiles() {
        for (DetectConfig recipe : List.of(SceneDetectors.c4(), SceneDetectors.fpn())) {
            ConfigTree.Mapping file = ConfigTree.read(Path.of(FOLDER + recipe.name() + ".yaml"));
            assertEquals(recipe, Binder.bind(file, DetectConfig.defaults()));
        }
    }

    private static void said(Result r, String text) {
        assertTrue(r.err().stream().anyMatch(l -> l.contains(text)), () -> text + " in " + r.err());
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
