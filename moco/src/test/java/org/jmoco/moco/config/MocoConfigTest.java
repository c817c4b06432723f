package org.jmoco.moco.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jmoco.nn.data.augment.Preset;
import org.junit.jupiter.api.Test;

class MocoConfigTest {
    private static MocoConfig read(String yaml, String... overrides) {
        return Binder.bind(
                ConfigTree.override(ConfigTree.parse(yaml, "run.yaml"), List.of(overrides)), MocoConfig.defaults());
    }

    private static String refused(String yaml, String... overrides) {
        return assertThrows(ConfigException.class, () -> read(yaml, overrides)).getMessage();
    }

    @Test
    void whatTheFileDoesNotSayKeepsItsDefault() {
        MocoConfig c = read("batch: 64\ncontrast:\n  queue: 1024\n");
        assertEquals(64, c.batch());
        assertEquals(1024, c.contrast().queue());
        assertEquals(0.999, c.contrast().momentum());
    }

    @Test
    void overridesWinAndMayBeLists() {
        MocoConfig c = read("schedule:\n  kind: cosine\n", "schedule.kind=steps", "schedule.milestones=[120, 160]");
        assertEquals(MocoConfig.Schedule.Kind.STEPS, c.schedule().kind());
        assertEquals(List.of(120, 160), c.schedule().milestones());
    }

    @Test
    void theWrittenConfigReadsBackEqual() {
        MocoConfig c = read(
                "name: a b\nviews:\n  transforms:\n    - RandomResizedCrop: {size: 32, scale: [0.08, 1]}\n  "
                        + "  - RandomHorizontalFlip\n  normalize: {mean: [0.5, 0.5, 0.5], std: [1, 1, "
                        + "0.25]}\ndata: {kind: folder, path: 'x: y'}\n",
                "seed=7");
        MocoConfig back = read(ConfigText.of(c));
        assertEquals(ConfigText.of(c), ConfigText.of(back));
        assertEquals(c.data(), back.data());
        assertEquals(c.pipeline(), back.pipeline());
        assertEquals("a b", back.name());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheKnownOnes() {
        assertEquals(
                "run.yaml, line 3: unknown key contrast.temprature; known here: temperature, queue, "
                        + "momentum, symmetric",
                refused("batch: 64\ncontrast:\n  temprature: 0.1\n"));
        assertTrue(refused("", "contrast.k=3").startsWith("--set contrast.k: unknown key contrast.k; known here: "));
    }

    @Test
    void viewsArePresetsOrWrittenOut() {
        assertEquals(
                Preset.MOCO_V2.pipeline(32),
                read("views: {preset: moco-v2, size: 32}").pipeline());
        assertEquals(Preset.MOCO_CIFAR.pipeline(), read("views: moco-cifar").pipeline());
        assertEquals(
                "run.yaml, line 1: views: unknown preset 'mocov9'; known: moco-v1, moco-v2, moco-cifar, "
                        + "cifar-test, linear-train, multi-head-train, places-train, linear-val, svm",
                refused("views: mocov9"));
        String written = "views:\n  normalize: {mean: [0, 0, 0], std: [1, 1, 1]}\n  transforms:\n    - "
                + "RandomHorizontalFlip\n    - RandomResizedCrop:\n        size: 32\n        scael: "
                + "[0.2, 1]\n";
        assertEquals(
                "run.yaml, line 7: views.transforms[1].RandomResizedCrop: unknown key 'scael'; known: size, "
                        + "scale, ratio",
                refused(written));
        assertTrue(
                refused(written.replace("scael: [0.2, 1]", "scale: 3"))
                        .startsWith("run.yaml, line 7: views.transforms[1].RandomResizedCrop.scale: expected a "
                                + "list of numbers, got '3'"),
                written);
        assertTrue(
                refused("views:\n- flip").startsWith("run.yaml, line 2: views[0]: unknown transform 'flip'; known: "));
    }

    @Test
    void wrongTypesAreNamed() {
        assertEquals("run.yaml, line 1: batch must be a whole number, got many", refused("batch: many"));
        assertEquals(
                "run.yaml, line 1: contrast needs keys below it: temperature, queue, momentum, symmetric",
                refused("contrast: 3"));
        assertEquals(
                "run.yaml, line 1: model.arch must be one of resnet10, resnet18, resnet34, resnet50, resnet101,"
                        + " resnet152; got vgg",
                refused("model: {arch: vgg}"));
        assertEquals(
                "run.yaml, line 2: contrast.symmetric must be true or false, got yes",
                refused("contrast:\n  symmetric: yes"));
    }

    @Test
    void whatIsNestedTooDeepIsRefusedHoweverDeepItIs() {
        String deep = "run.yaml, line 2: nested more than 32 levels deep";
        assertEquals(deep, refused("batch: 1\nname: " + "[".repeat(100_000)));
        assertEquals(deep, refused("batch: 1\nname: " + "{a: ".repeat(32) + "}".repeat(32)));
        assertEquals("run.yaml, line 1: nested more than 32 levels deep", refused("- ".repeat(1000)));
        assertEquals("run.yaml, line 1: nested more than 32 levels deep", refused("name: &a [*a]"));
        assertEquals(
                "run.yaml, line 1: name must be a single value", refused("name: " + "[".repeat(31) + "]".repeat(31)));
    }

    @Test
    void whatAFileSaysNeitherBreaksTheLineNorReachesTheTerminalAsControlCodes() {
        assertEquals(
                "run.yaml, line 2: not valid YAML: unexpected character found ?(10)", refused("a: &a [x]\nb: &b [*\n"));
        assertTrue(refused("\"a\\nb\": 1").startsWith("run.yaml, line 1: unknown key a?b; known here: "));
        assertEquals("run.yaml, line 1: batch must be a whole number, got 1?[2J", refused("batch: \"1\\e[2J\""));
    }

    @Test
    void numbersThatDoNotFitTogetherAreRefused() {
        assertTrue(refused("batch: 48")
                .contains("contrast.queue 65536 is not a multiple of the 48 keys enqueued a step; use 65520 or 65568"));
        assertTrue(refused("ranks: 3").contains("ranks must divide the batch: batch 256, ranks 3"));
        assertTrue(refused("bn: {splits: 7}").contains("bn.splits must divide the batch of a rank"));
        assertTrue(refused("schedule: {milestones: [160, 120]}")
                .contains("schedule.milestones must increase, got [160, 120]"));
        assertTrue(refused("optimizer: {lr: .inf}").contains("optimizer.lr must be a number, got .inf"));
        assertTrue(refused("optimizer: {lr: 1e50}").contains("optimizer.lr must not be negative, got Infinity"));
        assertTrue(refused("data: {kind: folder}").contains("data.path is missing"));
        assertEquals("run.yaml, line 2: batch must be at least 1, got 0", refused("name: a\nbatch: 0\nseed: 1"));
        assertEquals("--set batch: batch must be at least 1, got 0", refused("name: a\nbatch: 7", "batch=0"));
    }

    @Test
    void brokenYamlAndSetSyntaxAreRefusedInOneLine() {
        assertTrue(refused("batch: [1").startsWith("run.yaml, line 1: not valid YAML"));
        assertTrue(refused("!%a").startsWith("run.yaml: not valid YAML"));
        assertEquals("--set batch: expected key=value, such as contrast.temperature=0.1", refused("", "batch"));
        assertTrue(refused("- a\n- b").contains("expected keys and values"));
        assertTrue(refused("batch: 1\nbatch: 2").contains("line 2"));
    }
}
