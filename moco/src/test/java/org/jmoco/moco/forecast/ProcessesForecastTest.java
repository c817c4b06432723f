package org.jmoco.moco.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.forecast.ProcessesForecast.Traffic;
import org.junit.jupiter.api.Test;

/// Against numbers worked out by hand, and measured ones.
class ProcessesForecastTest {
    /// 112 MB of gradients, 32 views of 224 pixels a process, 16 KiB of keys a process.
    private static Traffic traffic(int processes, int rounds) {
        double images = 32.0 * processes;
        return new Traffic(112e6, images * 3 * 224 * 224, images * 128 * 4, rounds, 1);
    }

    /// 2·(7/8)·112 MB at 1.175 GB/s are 166.8 ms; 7/8 of 4.8 MB are 3.6, keys of 0.1 MB 0.1, 14 messages 0.28
    /// ms.
    @Test
    void eightMachinesAt10Gigabits() {
        ProcessesForecast f = ProcessesForecast.of(traffic(8, 1), 2.9, 8, 10);
        assertEquals(2.9, f.compute(), 1e-12);
        assertEquals(0.1708, f.exchange(), 2e-4);
        assertEquals(0.944, f.efficiency(), 1e-3);
    }

    /// Measured between two namespaces, one round each, views of 96 pixels: 1694 ms at 1 Gb/s and 800 at 10,
    /// where the computation alone took 737 less an exchange in shared memory of 44.
    @Test
    void twoProcessesAsMeasured() {
        Traffic sent = new Traffic(112e6, 16 * 3 * 96 * 96, 16 * 512, 1, 1);
        double compute = 0.737 - 0.044;
        assertEquals(1.694, ProcessesForecast.of(sent, compute, 2, 1).step(), 0.15 * 1.694);
        assertEquals(0.800, ProcessesForecast.of(sent, compute, 2, 10).step(), 0.15 * 0.800);
    }

    /// A share has the images of one process, its ranks, and no monitor.
    @Test
    void aShareIsWhatOneProcessComputes() {
        MocoConfig d = MocoConfig.defaults();
        MocoConfig whole = new MocoConfig(
                d.name(),
                d.seed(),
                d.data(),
                d.views(),
                d.model(),
                d.contrast(),
                256,
                8,
                4,
                d.memory(),
                d.precision(),
                d.bn(),
                d.optimizer(),
                d.schedule(),
                d.knn(),
                d.checkpoint());
        MocoConfig share = whole.share(4);
        assertEquals(
                List.of(64, 2, 2, 0),
                List.of(
                        share.batch(),
                        share.ranks(),
                        share.ranksAtOnce(),
                        share.knn().every()));
        assertEquals(1, whole.share(8).ranks());
    }

    /// The first of two rounds travels while the second one is computed: what shows is one exchange and the
    /// gather.
    @Test
    void aRoundIsHiddenBehindTheNextOne() {
        ProcessesForecast one = ProcessesForecast.of(traffic(2, 1), 2, 2, 10);
        ProcessesForecast two = ProcessesForecast.of(traffic(2, 2), 2, 2, 10);
        assertEquals(one.exchange(), two.exchange(), 1e-12);
        // 56 MB take 0.4766 s at 1 Gb/s, of which 0.75·0.4/2 are hidden
        ProcessesForecast slow = ProcessesForecast.of(traffic(2, 2), 0.4, 2, 1);
        assertEquals(
                0.4766 - 0.15,
                slow.exchange() - ProcessesForecast.of(traffic(2, 1), 0.4, 2, 1).exchange(),
                1e-3);
    }
}
