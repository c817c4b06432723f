package org.jmoco.eval.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplePicturesTest {
    @Test
    void theWorstTheMiddlingAndTheBestAreShownInOrder() {
        assertEquals(List.of(4, 1, 0), ExamplePictures.worstToBest(1, 0.9, 0.5, Double.NaN, 0.6, 0.1, 0.4));
        assertEquals(List.of(1, 0), ExamplePictures.worstToBest(3, 0.9, 0.5, Double.NaN));
        assertEquals(List.of(), ExamplePictures.worstToBest(3, Double.NaN));
    }
}
