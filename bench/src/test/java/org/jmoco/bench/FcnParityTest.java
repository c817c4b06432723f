package org.jmoco.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.bench.FcnParity.Batch;
import org.jmoco.tensor.Device;
import org.junit.jupiter.api.Test;

/// A training step of FCN-D8 on ResNet-18 of full width: the loss, and the gradients on the sides of the ReLUs
/// that each took, all of them together in every batch and a typical one. As they are, gradients tell of flips
/// alone: see the numbers of LibTorch's two memory orders in `docs/decisions/README.md`.
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
        for (Batch b : batches) {
            assertTrue(b.loss().ours() <= 1e-5, "loss " + b.loss());
            assertTrue(b.whole().ratio(Distances.ROUNDING) <= Distances.ALLOWED, "all gradients " + b.whole());
        }
        double typical = FcnParity.typical(FcnParity.medians(batches));
        assertTrue(typical <= Distances.ALLOWED, "the typical gradient " + typical);
    }
}
