package org.jmoco.eval.linear;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureFolder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;
import org.jmoco.nn.data.augment.Resize;
import org.jmoco.nn.data.augment.ResizeExact;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.io.ArrayData;

/// Features of an encoder kept on the disk, in a folder for each set of images and views: computed when they are
/// first asked for, found again by later runs, completed after an interruption.
///
/// @param device  computes them
/// @param folder  holds a folder for everything that was asked for
/// @param options batch size, threads, deadline; the seed counts for random views
public record FeatureCache(Device device, Path folder, Encoder encoder, List<Tap> taps, LoaderOptions options) {
    private static final Set<Class<?>> FIXED = Set.of(Resize.class, ResizeExact.class, CenterCrop.class);
    private static final int NAME_LENGTH = 16;

    /// Whether a pipeline makes the same view of an image every time.
    public static boolean isFixed(Pipeline pipeline) {
        return pipeline.transforms().stream().allMatch(t -> FIXED.contains(t.getClass()));
    }

    /// The features of a data set.
    ///
    /// @param what of it, in words: `train`
    public FeatureFolder features(String what, ImageSource source, Pipeline pipeline, FeatureFolder.Listener listener) {
        Map<String, String> about = about(source, pipeline);
        Path place = folder.resolve(what + "-" + digest(about.toString()).substring(0, NAME_LENGTH));
        return FeatureFolder.fill(place, about, extractor(), source, pipeline, listener);
    }

    /// Features that [#features] gave, in a random order that is another one in each epoch.
    public StoredFeatures training(
            FeatureFolder stored, ImageSource source, Pipeline pipeline, Recipe recipe, long seed) {
        return StoredFeatures.training(
                rows(stored), shapes(source, pipeline), stored.labels(), stored.indices(), recipe, seed);
    }

    /// Features that [#features] gave, in the images' order.
    public StoredFeatures testing(FeatureFolder stored, ImageSource source, Pipeline pipeline, int batch) {
        return StoredFeatures.testing(rows(stored), shapes(source, pipeline), stored.labels(), stored.indices(), batch);
    }

    private List<ArrayData> rows(FeatureFolder stored) {
        return taps.stream().map(stored::rows).toList();
    }

    private List<Shape> shapes(ImageSource source, Pipeline pipeline) {
        return List.copyOf(
                FeatureExtractor.shapes(encoder, taps, source, pipeline).values());
    }

    private FeatureExtractor extractor() {
        return new FeatureExtractor(device, encoder, taps, options);
    }

    private Map<String, String> about(ImageSource source, Pipeline pipeline) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < source.size(); i++) {
            names.append(source.name(i)).append(' ').append(source.label(i)).append('\n');
        }
        Map<String, String> about = new LinkedHashMap<>();
        about.put("weights", encoder.fingerprint());
        about.put("taps", taps.toString());
        about.put("images", source.size() + " " + digest(names.toString()));
        about.put(
                "views", PipelineMaps.map(pipeline).toString() + (isFixed(pipeline) ? "" : " seed " + options.seed()));
        return about;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
