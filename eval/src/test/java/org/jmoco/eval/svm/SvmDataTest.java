package org.jmoco.eval.svm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Metric;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;
import org.jmoco.eval.result.ResultText;
import org.junit.jupiter.api.Test;

class SvmDataTest {
    private static SvmData of(String layer) {
        LabelMatrix labels = LabelMatrix.of(new int[][] {{1}});
        return new SvmData(new DMatrixRMaj(1, 1), labels, new DMatrixRMaj(1, 1), labels, Map.of(), List.of(), layer);
    }

    /// The published numbers of the same feature stand beside ours, of other features and for other data none.
    @Test
    void publishedNumbersAreThoseOfTheFeature() {
        List<Published> feat5 = of("feat5").published("voc07-svm");
        assertEquals(8, feat5.size());
        assertEquals(new Published("voc07-svm", "mmselfsup", "MoCo v2 200e", "feat5", "mAP", 84.04), feat5.getFirst());
        assertEquals(
                List.of("Rotation 70e"),
                of("feat4").published("voc07-svm").stream()
                        .map(Published::method)
                        .toList());
        assertEquals(List.of(), of("").published("voc07-svm"));
        EvaluationResult result = new EvaluationResult(
                "p",
                List.of(Metric.of("mAP k=1", 40.5, "%"), Metric.of("mAP k=96", 80, "%")),
                List.of(),
                of("feat5").published("voc07-lowshot"),
                new Provenance("jmoco", Map.of(), 0, List.of()));
        String text = ResultText.of(result);
        assertTrue(text.lines().anyMatch(l -> l.matches("this result +40.50 +80.00")), text);
        assertTrue(
                text.lines().anyMatch(l -> l.matches("mmselfsup +MoCo v2 200e +feat5 +43.14 +53.29 .* 80.88 +82.23")),
                text);
    }
}
