package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.bench.FcnParity.Batch;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;

/// A training step of FCN-D8 on ResNet-18 of full width: the loss, and every gradient on the sides of the ReLUs that
/// each took, as the median over batches. As they are, gradients tell of flips alone: LibTorch's two memory orders are
/// further apart than three times most of the time.
class FcnParityTest {
    private static final int DRAWS = 5;

    @Test
    void aStepIsAsExactAsLibTorchs() {
        Torch.threads(1);
        List<Batch> batches = new ArrayList<>();
        try (Device device = Device.jvm(1)) {
            FcnParity parity = new FcnParity(18, 4, 65);
            for (int seed = 1; seed <= DRAWS; seed++) {
                batches.add(parity.measure(device, seed));
            }
        }
        batches.forEach(b -> assertTrue(b.loss().ours() <= 1e-5, "loss " + b.loss()));
        FcnParity.medians(batches)
                .forEach((name, d) ->
                        assertTrue(d.ratio(Distances.ROUNDING) <= Distances.ALLOWED, name + ": " + d));
    }
}
