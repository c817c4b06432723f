package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The encoder is found behind whatever prefix, and where two could be meant, it is said.
class EncoderSearchTest {
    private static final ResNetSpec SPEC = WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 1);
    private static final Map<String, ArrayData> QUERY = WeightFixtures.fill("q.", SPEC);
    private static final Map<String, ArrayData> KEY = WeightFixtures.fill("k.", SPEC);

    private static Checkpoint file(Map<String, ArrayData> arrays) {
        return new Checkpoint("f.pth", "test", arrays, Map.of(), Map.of(), Map.of(), Set.of());
    }

    private static Map<String, ArrayData> behind(String prefix, Map<String, ArrayData> arrays) {
        Map<String, ArrayData> named = new LinkedHashMap<>();
        arrays.forEach((name, array) -> named.put(prefix + name, array));
        return named;
    }

    private static Map<String, ArrayData> both(String first, String second) {
        Map<String, ArrayData> all = behind(second, KEY);
        all.putAll(behind(first, QUERY));
        return all;
    }

    private static String refusal(Map<String, ArrayData> arrays) {
        return assertThrows(FormatException.class, () -> Weights.of(file(arrays)))
                .getMessage();
    }

    @ParameterizedTest
    @EnumSource(Namings.class)
    void theSameArraysAreFoundUnderEveryNaming(Namings naming) {
        Weights weights = Weights.of(file(naming.of(QUERY)));
        assertEquals(QUERY, weights.network());
        assertEquals(SPEC, weights.spec());
    }

    @ParameterizedTest
    @EnumSource(Namings.class)
    void whatLiesBesideTheNetworkIsLeftOut(Namings naming) {
        Map<String, ArrayData> arrays = naming.of(QUERY);
        int own = arrays.size();
        String prefix = naming == Namings.LIGHTLY ? "backbone_momentum." : "momentum_encoder.";
        arrays.putAll(behind(prefix, KEY));
        arrays.put("classifier.weight", ArrayData.ofFloats(new float[80], 10, 8));
        arrays.put("projector.0.weight", ArrayData.ofFloats(new float[64], 8, 8));
        arrays.put("queue", ArrayData.ofFloats(new float[64], 4, 16));
        Weights weights = Weights.of(file(arrays));
        assertEquals(QUERY, weights.backbone());
        assertEquals(own, weights.backbone().size());
    }

    @ParameterizedTest
    @CsvSource({
        "encoder., momentum_encoder.",
        "base_encoder., momentum_encoder.",
        "query., key.",
        "module.query_encoder., module.key_encoder.",
        "online_network.encoder., target_network.encoder.",
        "backbone., backbone_momentum.",
        "backbone., momentum_backbone.",
        "network., ema_network.",
        "encoder_q._orig_mod., encoder_k._orig_mod.",
        "_orig_mod.module.encoder_q., _orig_mod.module.encoder_k."
    })
    void theSlowCopyGivesWay(String query, String key) {
        Weights weights = Weights.of(file(both(query, key)));
        assertEquals(QUERY, weights.network());
        assertTrue(weights.note().contains(query), weights.note());
    }

    @ParameterizedTest
    @CsvSource({
        "student., teacher.",
        "student.module.backbone., teacher.backbone.",
        "student.backbone., teacher.",
        "left., right.",
        "momentum_a., momentum_b."
    })
    void twoThatCouldBothBeMeantAreNamed(String one, String other) {
        Map<String, ArrayData> arrays = both(one, other);
        String message = refusal(arrays);
        assertTrue(message.startsWith("f.pth: there are several encoders, with the prefixes "), message);
        assertTrue(message.contains('"' + one + '"') && message.contains('"' + other + '"'), message);
        assertTrue(message.endsWith("; say which by --prefix"), message);
        assertEquals(QUERY, Weights.of(file(arrays).under(one)).network());
        String withoutDot = other.substring(0, other.length() - 1);
        assertEquals(KEY, Weights.of(file(arrays).under(withoutDot)).network());
    }

    @Test
    void theSameArraysTwiceAreOneEncoder() {
        Map<String, ArrayData> arrays = behind("model.encoder.", QUERY);
        arrays.putAll(behind("backbone.", QUERY));
        assertEquals(QUERY, Weights.of(file(arrays)).network());
    }

    @Test
    void anUnknownPrefixIsRefusedWithTheKnownOnes() {
        Checkpoint both = file(both("student.", "teacher."));
        String message =
                assertThrows(FormatException.class, () -> both.under("pupil")).getMessage();
        assertEquals(
                "f.pth: no array has a name with the prefix \"pupil.\"; names begin with \"teacher.\", \"student.\"",
                message);
    }

    @Test
    void arraysBesideTheStateDictAreReachedByAPrefix() {
        Checkpoint file =
                new Checkpoint("f.pth", "test", QUERY, behind("model_ema.module.", KEY), Map.of(), Map.of(), Set.of());
        assertEquals(QUERY, Weights.of(file).network());
        assertEquals(KEY, Weights.of(file.under("model_ema")).network());
    }

    @Test
    void headsAreTakenOrLeftOutWhole() {
        Map<String, ArrayData> arrays = behind("module.", QUERY);
        arrays.put("module.fc.weight", ArrayData.ofFloats(new float[80], 10, 8));
        arrays.put("module.fc.bias", ArrayData.ofFloats(new float[10]));
        Weights classifier = Weights.of(file(arrays));
        assertEquals(List.of(10), classifier.spec().head());
        assertEquals(QUERY.size() + 2, classifier.network().size());
        assertEquals(QUERY, classifier.backbone());
        arrays.put("module.fc.3.weight", ArrayData.ofFloats(new float[80], 10, 8));
        Weights deeper = Weights.of(file(arrays));
        assertEquals(QUERY, deeper.network());
        assertEquals(List.of("fc.weight", "fc.bias", "fc.3.weight"), deeper.beside(deeper.spec()));
    }

    /// Squeeze and excitation, for one: the same names and more, so it computes something else.
    @Test
    void aNetworkWithMoreInItsLayersIsAnotherNetwork() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(QUERY);
        arrays.put("layer1.0.se.fc1.weight", ArrayData.ofFloats(new float[1], 1, 1, 1, 1));
        String message = assertThrows(
                        FormatException.class, () -> Weights.of(file(arrays)).network())
                .getMessage();
        assertTrue(message.contains("unexpected: layer1.0.se.fc1.weight"), message);
    }

    @Test
    void whatDiffersIsSaidWhereTheNetworksAreAlike() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(QUERY);
        arrays.remove("layer2.0.bn1.weight");
        assertEquals(
                "f.pth: this is a ResNet-18 (CIFAR stem, width 1, no head), but not all of its arrays are as they must"
                        + " be; missing: layer2.0.bn1.weight",
                assertThrows(
                                FormatException.class,
                                () -> Weights.of(file(arrays)).encoder(SPEC))
                        .getMessage());
    }
}
