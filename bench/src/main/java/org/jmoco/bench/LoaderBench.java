package org.jmoco.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.image.JpegCodecs;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.View;
import org.jmoco.nn.data.source.ImageFolder;

/// Two MoCo v2 views of 224×224 of each of some JPEG files of 500×375, as bytes in memory, beside torchvision's
/// `DataLoader` with as many worker processes as ours has threads.
final class LoaderBench implements Benchmark {
    private static final int PHOTOGRAPHS = 128;

    /// Each photograph is there so many times: epochs of a few batches would be beginnings and ends above all.
    private static final int COPIES = 4;

    private static final int IMAGES = COPIES * PHOTOGRAPHS;
    private static final int BATCH = 32;
    private static final int SEED = 1;

    @Override
    public String title(Settings s) {
        return "two MoCo v2 views of each of " + IMAGES + " JPEG files of " + Photographs.WIDTH + "×"
                + Photographs.HEIGHT + "; " + JpegCodecs.description();
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("all files", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 10;
    }

    /// The two sides draw different crops and colours; the mean and the spread of the pixels of a whole epoch are
    /// about the same.
    @Override
    public List<Double> tolerances() {
        return List.of(0.05);
    }

    @Override
    public void prepare(Settings s, Path folder) {
        Path images = folder.resolve("images");
        Photographs.write(images, PHOTOGRAPHS);
        try (DirectoryStream<Path> photographs = Files.newDirectoryStream(images, "*.jpg")) {
            for (Path photograph : photographs) {
                for (int i = 1; i < COPIES; i++) {
                    Files.createLink(images.resolve("copy" + i + "-" + photograph.getFileName()), photograph);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String peerName() {
        return "torchvision";
    }

    @Override
    public List<String> variants() {
        return List.of("");
    }

    @Override
    public List<String> peerCommand(Settings s, String variant) {
        return PythonPeer.command(
                "loader.py",
                List.of(
                        "--images",
                        s.folder.resolve("images").toString(),
                        "--batch",
                        Integer.toString(s.batchOr(BATCH)),
                        "--workers",
                        Integer.toString(s.threads)));
    }

    @Override
    public Side ours(Settings s) {
        var source = ImageFolder.unlabelled(s.folder.resolve("images"));
        var pipeline = Preset.MOCO_V2.pipeline();
        var options = LoaderOptions.training(s.batchOr(BATCH), 1, SEED)
                .withThreads(s.threads)
                .withDropLast(false);
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                double n = 0;
                double sum = 0;
                double squares = 0;
                try (Loader loader = new Loader(source, List.of(pipeline, pipeline), options)) {
                    while (loader.hasNext()) {
                        for (View view : loader.next().views()) {
                            for (byte b : view.pixels()) {
                                int v = Byte.toUnsignedInt(b);
                                n++;
                                sum += v;
                                squares += v * v;
                            }
                        }
                    }
                }
                double mean = sum / n;
                return List.of(new float[] {
                    (float) n, (float) (mean * 1e5), (float) (Math.sqrt(squares / n - mean * mean) * 1e5)
                });
            }

            @Override
            public void run(int row) {
                int images = 0;
                try (Loader loader = new Loader(source, List.of(pipeline, pipeline), options)) {
                    while (loader.hasNext()) {
                        Batch batch = loader.next();
                        images += batch.size();
                        loader.recycle(batch); // as the training loop does
                    }
                }
                if (images != IMAGES) {
                    throw new IllegalStateException("the loader gave " + images + " images");
                }
            }
        };
    }

    @Override
    public Side peer(Settings s, String variant) {
        throw new IllegalStateException("the peer is a Python program");
    }
}
