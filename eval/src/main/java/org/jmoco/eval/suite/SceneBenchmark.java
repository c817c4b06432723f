package org.jmoco.eval.suite;

import java.util.List;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.train.Run;
import org.jmoco.tensor.Device;

/// One benchmark of the suite on scenes: an encoder is trained further on training scenes and measured on test
/// scenes. A further one is a class like [SceneSegmentation] and a line in [SceneSuiteConfig#open].
public interface SceneBenchmark {
    /// Of its folder, and before the names of its metrics, such as `segmentation`.
    String name();

    /// The metrics by which encoders are compared, the most important one first. A result has them with their
    /// items.
    List<String> compared();

    /// The images that it reads.
    List<Provenance.Input> inputs();

    /// Looks whether an encoder fits, and its training on the device, before anything is written.
    ///
    /// @throws IllegalArgumentException if no network of this benchmark can be built on the encoder
    /// @throws org.jmoco.tensor.backend.DeviceMemoryException if it would not find room
    void require(Start start, Device device);

    /// Trains and measures.
    ///
    /// @return with all metrics of [#compared]
    /// @throws org.jmoco.nn.train.StoppedException if someone wants the run to stop: all is saved
    EvaluationResult measure(Start start, Course course);

    /// What a training begins with.
    ///
    /// @param normalize what the encoder wants of bytes
    /// @param seed of heads, order, crops and dropout
    record Start(Encoder encoder, Normalize normalize, long seed) {}

    /// How it is carried out.
    ///
    /// @param run      with a folder of its own
    /// @param title    before the lines that say how it goes
    /// @param protocol of the result   @param provenance of the result
    record Course(Run run, Device device, String title, String protocol, Provenance provenance) {}
}
