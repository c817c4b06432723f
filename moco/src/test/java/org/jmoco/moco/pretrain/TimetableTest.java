package org.jmoco.moco.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.augment.Resize;
import org.jmoco.nn.data.augment.Transform;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.train.Checkout;
import org.jmoco.nn.train.Saving;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static Timetable of(String... overrides) {
        return new Timetable(TinyRun.config(overrides), 5);
    }

    private static List<Long> steps(LongPredicate wanted) {
        return LongStream.rangeClosed(0, 25).filter(wanted).boxed().toList();
    }

    @Test
    void theLearningRateIsConstantInsideAnEpoch() {
        Timetable cosine = of("schedule={kind: cosine, epochs: 4}", "optimizer.lr=0.5");
        assertEquals(0.5f, cosine.learningRate(4));
        assertEquals((float) (0.25 * (1 + Math.sqrt(0.5))), cosine.learningRate(5));
        assertEquals(0.25f, cosine.learningRate(10), 1e-8f);
        assertEquals(
                0,
                of("schedule={kind: cosine, epochs: 4, count-from-one: true}").learningRate(15),
                1e-9f);
        Timetable steps = of("schedule={kind: steps, epochs: 4, milestones: [1, 3], gamma: 0.1}", "optimizer.lr=0.5");
        assertEquals(
                List.of(0.5f, 0.05f, 0.05f, 0.005f),
                List.of(steps.learningRate(4), steps.learningRate(5), steps.learningRate(14), steps.learningRate(15)));
    }

    @Test
    void looksBeforeTheFirstStepWhenItIsDueAndAtTheEnd() {
        Timetable epochs = of("schedule={kind: constant, epochs: 5, steps: 23}", "knn={every: 2, k: 5}");
        assertEquals(23, epochs.steps());
        assertEquals(List.of(0L, 10L, 20L, 23L), steps(epochs::isMonitored));
        assertEquals(List.of(), steps(of("knn={every: 0}")::isMonitored));
    }

    @Test
    void savesAsTheConfigurationSays() {
        assertEquals(
                new Saving(Saving.Unit.EPOCHS, 2, 3),
                of("checkpoint={every-epochs: 2, keep: 3}").saving());
        assertEquals(
                new Saving(Saving.Unit.STEPS, 7, 3),
                of("checkpoint={every-steps: 7, keep: 3}").saving());
    }

    @Test
    void inEvaluationImagesStayAsTheyAreOrTheirCentreIsTaken() {
        assertEquals(
                List.of(),
                TestViews.of(32, Normalize.CIFAR, BundledSample.test(), true).transforms());
        assertEquals(
                List.of(new Resize(36), new CenterCrop(32)),
                TestViews.of(32, Normalize.CIFAR, BundledSample.test(), false).transforms());
        assertEquals(
                List.of(new Resize(256), new CenterCrop(224)),
                TestViews.of(224, Normalize.IMAGENET, BundledSample.test(), true)
                        .transforms());
    }

    @Test
    void theMonitorSeesImagesAsLargeAsViewsOrAsItIsTold() {
        assertEquals(List.of(new Resize(18), new CenterCrop(16)), monitored(0));
        assertEquals(List.of(new Resize(27), new CenterCrop(24)), monitored(24));
        assertEquals(List.of(), monitored(32));
    }

    private static List<Transform> monitored(int size) {
        return RunData.open(TinyRun.config("knn={every: 1, k: 5, size: " + size + "}"))
                .labelled()
                .orElseThrow()
                .plain()
                .transforms();
    }

    @Test
    void theRevisionIsACommitOfTheCheckout() {
        assertTrue(Checkout.revision().matches("[0-9a-f]{40}|unknown"), Checkout.revision());
        assertEquals(Checkout.folder().isPresent(), !Checkout.revision().equals("unknown"));
    }

    @Test
    void theIntroductionTellsTheRuleAndTheTurnover() {
        MocoConfig config = TinyRun.config("schedule.epochs=2");
        RunData data = RunData.open(config);
        Timetable timetable = new Timetable(config, data.batches().stepsPerEpoch());
        assertEquals(
                List.of(
                        "320 images, 20 steps an epoch, 2 epochs, 40 steps in all",
                        "learning rate 0.03000 for batches of 16 is by the linear scaling rule 0.4800 for "
                                + "256; MoCo's 0.03 for 256 would be 0.001875 here",
                        "a key stays in the queue for 4 steps, 0.20 epochs"),
                Introduction.lines(config, data.batches(), timetable, true));
    }

    @Test
    void theIntroductionNamesAPrecisionThatIsNotFloat32() {
        MocoConfig config = TinyRun.config("precision=bf16x3");
        RunData data = RunData.open(config);
        Timetable timetable = new Timetable(config, data.batches().stepsPerEpoch());
        assertTrue(Introduction.lines(config, data.batches(), timetable, true)
                .contains("precision bf16x3: each of the encoders' products is three of bfloat16"));
    }
}
