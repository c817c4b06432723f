package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.nn.Heads;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.weights.Namings;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a run can begin from: of a backbone or a classifier the backbone, and a head of its own.
class MocoInitTest {
    @TempDir
    private Path temp;

    private static Moco moco(Head head) {
        return new Moco(Small.config(head, 1, 1, 1, false), Small.PIXELS);
    }

    /// A trained backbone of the size of the run's.
    private static Map<String, ArrayData> backbone() {
        ResNet net = new ResNet(moco(Head.MLP).query().config());
        net.initialize(99);
        return new LinkedHashMap<>(StateDict.of(net));
    }

    private Path file(Map<String, ArrayData> arrays) {
        Path file = temp.resolve("init.safetensors");
        SafeTensors.write(file, arrays, Map.of());
        return file;
    }

    private static void assertBackboneOf(Map<String, ArrayData> expected, Moco moco) {
        Map<String, ArrayData> now = moco.save();
        expected.forEach((name, array) -> {
            if (!name.startsWith("fc.")) {
                assertEquals(array, now.get("encoder_q." + name), name);
            }
        });
        moco.query()
                .namedParameters()
                .keySet()
                .forEach(name -> assertEquals(now.get("encoder_q." + name), now.get("encoder_k." + name), name));
    }

    @ParameterizedTest
    @EnumSource(Head.class)
    void aBackboneGetsTheHeadOfTheSeed(Head head) {
        Moco moco = moco(head);
        String said = moco.init(file(backbone()));
        assertBackboneOf(backbone(), moco);
        String fresh = head == Head.LINEAR ? "8" : "32-8";
        assertTrue(said.endsWith("; the head begins fresh (" + fresh + ", seed 5)"), said);
        Map<String, ArrayData> untouched = moco(head).save();
        moco.save().forEach((name, array) -> {
            if (name.startsWith("encoder_q.fc.")) {
                assertEquals(untouched.get(name), array, name);
            }
        });
    }

    @Test
    void aClassifierGivesItsBackbone() {
        ResNet classifier = new ResNet(moco(Head.MLP).query().config(), features -> Heads.linear(features, 1000));
        classifier.initialize(99);
        Map<String, ArrayData> arrays = StateDict.of(classifier);
        Moco moco = moco(Head.MLP);
        String said = moco.init(file(arrays));
        assertBackboneOf(arrays, moco);
        assertTrue(said.contains("head 1000") && said.contains("the head begins fresh"), said);
    }

    @ParameterizedTest
    @CsvSource({"LINEAR, head 8", "MLP, head 32-8", "MLP_BN, head 32-8 with batch norm"})
    void aHeadOfTheRunsSizesIsTaken(Head head, String named) {
        Moco source = moco(head);
        source.query().initialize(7);
        Moco moco = moco(head);
        String said = moco.init(file(StateDict.of(source.query())));
        assertEquals(StateDict.of(source.query()), StateDict.of(moco.query()));
        assertTrue(said.endsWith("ResNet-18 (CIFAR stem, width 4, " + named + "), with its head"), said);
    }

    @ParameterizedTest
    @CsvSource({"MLP, MLP_BN", "MLP_BN, MLP"})
    void aHeadWithBatchNormAndOneWithoutAreNotTakenForEachOther(Head from, Head to) {
        Moco moco = moco(to);
        String said = moco.init(file(StateDict.of(moco(from).query())));
        assertTrue(said.endsWith("; the head begins fresh (32-8, seed 5)"), said);
    }

    @ParameterizedTest
    @EnumSource(Namings.class)
    void anyNamingWillDo(Namings naming) {
        Map<String, ArrayData> arrays = naming.of(backbone());
        arrays.put("classifier.weight", ArrayData.ofFloats(new float[10], 10, 1));
        Moco moco = moco(Head.MLP);
        moco.init(file(arrays));
        assertBackboneOf(backbone(), moco);
    }

    @Test
    void ofSeveralEncodersAPrefixSaysWhich() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        backbone().forEach((name, array) -> arrays.put("teacher." + name, array));
        StateDict.of(moco(Head.MLP).query()).forEach((name, array) -> arrays.put("student." + name, array));
        Path file = file(arrays);
        Moco moco = moco(Head.MLP);
        assertTrue(assertThrows(FormatException.class, () -> moco.init(file))
                .getMessage()
                .endsWith("say which by --prefix"));
        moco.init(file, Optional.of("teacher"));
        assertBackboneOf(backbone(), moco);
    }

    @Test
    void anotherNetworkIsNamedAndNothingChanges() {
        ResNet other = new ResNet(moco(Head.MLP).query().config().width(8));
        other.initialize(1);
        Moco moco = moco(Head.MLP);
        Path file = file(StateDict.of(other));
        String message =
                assertThrows(FormatException.class, () -> moco.init(file)).getMessage();
        assertTrue(
                message.startsWith(file + ": this is a ResNet-18 (CIFAR stem, width 8, no head), the config wants a "
                        + "ResNet-18 (CIFAR stem, width 4, no head); conv1.weight is [8, 3, 3, 3], not [4, 3, 3, 3]"),
                message);
        assertEquals(moco(Head.MLP).save(), moco.save());
    }
}
