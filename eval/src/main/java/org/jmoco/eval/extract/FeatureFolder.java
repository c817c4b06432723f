package org.jmoco.eval.extract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.Run;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.AtomicFile;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.NpyWriter;

/// Features of a data set on the disk: `feature5.npy` with a row an image for each tap, `unreadable.txt` with the
/// indices of images that have no row, `about.txt` with what they are features of, and `complete` when they are
/// all there. An extraction that was interrupted goes on where it stood, to the same bytes.
public final class FeatureFolder {
    private static final String ABOUT = "about.txt";
    private static final String UNREADABLE = "unreadable.txt";
    private static final String COMPLETE = "complete";
    private static final long NANOS_BETWEEN_FLUSHES = 10_000_000_000L;

    private final Path folder;
    private final ImageSource source;
    private final Set<Integer> unreadable = new TreeSet<>();

    private FeatureFolder(Path folder, ImageSource source) {
        this.folder = folder;
        this.source = source;
    }

    /// Told now and then how far an extraction is.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (done, now, total) -> {};

        /// @param done  images done, those of an earlier run included
        /// @param now done in this run
        /// @param total images of the data set
        void images(int done, int now, int total);

        /// The same, which ends an extraction between two batches if someone wants the run to stop: what is done is
        /// kept.
        default Listener thenEnding(Run run) {
            return (done, now, total) -> {
                images(done, now, total);
                run.endIfAsked();
            };
        }
    }

    /// Computes what is missing in a folder; nothing, if it is complete.
    ///
    /// @param about what the features are of, by key: weights, data, views. A folder with other features is refused
    /// @throws DataException if the folder holds features of something else, or as [FeatureExtractor#stream]
    /// @throws UncheckedIOException if the folder cannot be written
    public static FeatureFolder fill(
            Path folder,
            Map<String, String> about,
            FeatureExtractor extractor,
            ImageSource source,
            Pipeline pipeline,
            Listener listener) {
        FeatureFolder features = new FeatureFolder(folder, source);
        features.claim(about);
        features.readUnreadable();
        if (!Files.exists(folder.resolve(COMPLETE))) {
            features.extract(extractor, pipeline, listener);
        } else {
            features.nothingLeft(extractor, pipeline);
        }
        return features;
    }

    /// Writes what the folder is for, or compares it with what it was for.
    private void claim(Map<String, String> about) {
        Path file = folder.resolve(ABOUT);
        Map<String, String> wanted = new LinkedHashMap<>(about);
        if (!Files.exists(file)) {
            write(
                    file,
                    wanted.entrySet().stream()
                            .map(e -> e.getKey() + ": " + e.getValue().replace('\n', ' '))
                            .toList());
            return;
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : lines(file)) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                found.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        wanted.replaceAll((key, value) -> value.replace('\n', ' '));
        if (!found.equals(wanted)) {
            String difference = wanted.keySet().stream()
                    .filter(key -> !wanted.get(key).equals(found.get(key)))
                    .map(key -> key + " was " + found.get(key) + ", now " + wanted.get(key))
                    .findFirst()
                    .orElse("what they are of");
            throw new DataException(folder + ": holds features of something else (" + difference
                    + "); delete it or choose another place");
        }
    }

    private void readUnreadable() {
        Path file = folder.resolve(UNREADABLE);
        if (Files.exists(file)) {
            lines(file).forEach(line -> unreadable.add(Integer.parseInt(line)));
        }
    }

    private void extract(FeatureExtractor extractor, Pipeline pipeline, Listener listener) {
        try (Writers writers = new Writers(extractor.shapes(source, pipeline))) {
            int first = imageOfRow(writers.rows());
            if (first < source.size()) {
                int[] next = {extractor.firstOfBatch(first)};
                writers.begin(rowsBefore(next[0]));
                listener.images(first, 0, source.size());
                extractor.stream(source, pipeline, first, batch -> {
                    next[0] = passOver(next[0], batch.indices());
                    writers.append(batch);
                    listener.images(next[0], Math.max(0, next[0] - first), source.size());
                });
                passOver(next[0], new int[] {source.size()});
            } else {
                nothingLeft(extractor, pipeline);
            }
        }
        write(folder.resolve(COMPLETE), List.of(Integer.toString(source.size() - unreadable.size())));
    }

    /// Other processes that share the images out wait to hear where to begin, see [#share].
    private void nothingLeft(FeatureExtractor extractor, Pipeline pipeline) {
        extractor.stream(source, pipeline, source.size(), batch -> {});
    }

    /// What the other processes do while the first one fills a folder: they compute their share, and keep
    /// nothing.
    public static void share(FeatureExtractor extractor, ImageSource source, Pipeline pipeline) {
        extractor.stream(source, pipeline, 0, batch -> {});
    }

    /// Notes as unreadable those images from `next` on that are not among `indices`.
    ///
    /// @return the image after the last index
    private int passOver(int next, int[] indices) {
        int image = next;
        for (int index : indices) {
            while (image < index) {
                unreadable.add(image++);
            }
            image++;
        }
        return image;
    }

    /// The image that row number `row` is of, as far as unreadable images are known.
    private int imageOfRow(int row) {
        int image = 0;
        for (int left = row; image < source.size(); image++) {
            if (!unreadable.contains(image) && left-- == 0) {
                break;
            }
        }
        return image;
    }

    private int rowsBefore(int image) {
        return image - (int) unreadable.stream().filter(i -> i < image).count();
    }

    /// The rows of one tap, `[n, d]`, read from the disk as they are used.
    public ArrayData rows(Tap tap) {
        return Npy.read(file(tap));
    }

    /// The file of one tap.
    public Path file(Tap tap) {
        return folder.resolve(tap.toString().replace(' ', '-') + ".npy");
    }

    /// `[n]`, the image that each row is of.
    public int[] indices() {
        return IntStream.range(0, source.size())
                .filter(i -> !unreadable.contains(i))
                .toArray();
    }

    /// `[n]`, the classes of the rows' images, −1 without one.
    public int[] labels() {
        return IntStream.of(indices()).map(source::label).toArray();
    }

    /// Images that could not be read.
    public int unreadable() {
        return unreadable.size();
    }

    /// Deletes the folder.
    ///
    /// @throws UncheckedIOException if a file cannot be deleted
    public void delete() {
        Set<Path> files = new HashSet<>();
        try (var list = Files.list(folder)) {
            list.forEach(files::add);
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private static void write(Path file, List<String> lines) {
        byte[] text = lines.stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, channel -> AtomicFile.append(channel, MemorySegment.ofArray(text)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// One npy file a tap. They are flushed one after another, so after a crash some may have more rows than
    /// others; rows that a file has already are not written again.
    private final class Writers implements AutoCloseable {
        private final Map<Tap, NpyWriter> open = new LinkedHashMap<>();
        private int row;
        private long lastFlush = System.nanoTime();

        Writers(Map<Tap, Shape> shapes) {
            shapes.forEach((tap, shape) -> {
                Path file = file(tap);
                open.put(
                        tap,
                        Files.exists(file)
                                ? NpyWriter.resume(file, ElementType.F32, shape.size())
                                : NpyWriter.create(file, ElementType.F32, shape.size()));
            });
        }

        /// Rows that every tap has.
        int rows() {
            return (int) open.values().stream().mapToLong(NpyWriter::rows).min().orElse(0);
        }

        void begin(int firstRow) {
            row = firstRow;
        }

        void append(FeatureBatch batch) {
            batch.rows().forEach((tap, values) -> {
                long rowBytes = values.byteSize() / batch.size();
                NpyWriter writer = open.get(tap);
                long known = Math.min(batch.size(), Math.max(0, writer.rows() - row));
                writer.append(values.asSlice(known * rowBytes, (batch.size() - known) * rowBytes));
            });
            row += batch.size();
            if (System.nanoTime() - lastFlush > NANOS_BETWEEN_FLUSHES) {
                flush();
            }
        }

        /// Images without a row are noted before rows: so rows on the disk can always be told which image they are of.
        void flush() {
            write(
                    folder.resolve(UNREADABLE),
                    unreadable.stream().map(String::valueOf).toList());
            open.values().forEach(NpyWriter::flush);
            lastFlush = System.nanoTime();
        }

        @Override
        public void close() {
            flush();
            open.values().forEach(NpyWriter::close);
        }
    }
}
