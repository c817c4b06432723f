package org.jmoco.nn.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.RgbImage;

/// STL-10 (Coates, Ng, Lee, "An analysis of single-layer networks in unsupervised feature learning", 2011) in its
/// binary form: 96×96 pixels an image, red, green and blue each 9,216 bytes, column after column; labels from 1
/// on, a byte each, in a file of their own.
///
/// The training images are the 5,000 labelled ones, then the 100,000 unlabelled ones, where their file is there.
/// Each is read when it is loaded.
final class Stl10 implements ImageSource {
    private static final int SIDE = 96;
    private static final int PLANE = SIDE * SIDE;
    private static final int BYTES = 3 * PLANE;
    private static final String OFFICIAL_FOLDER = "stl10_binary";
    private static final String UNLABELLED = "unlabeled_X.bin";

    private final Path labelled;
    private final Path unlabelled;
    private final int[] labels;
    private final int size;
    private final List<String> classes;

    private Stl10(Path labelled, Path unlabelled, int[] labels, int size, List<String> classes) {
        this.labelled = labelled;
        this.unlabelled = unlabelled;
        this.labels = labels;
        this.size = size;
        this.classes = classes;
    }

    private static Path place(Path folder) {
        Path inner = folder.resolve(OFFICIAL_FOLDER);
        return Files.isDirectory(inner) ? inner : folder;
    }

    /// Whether a folder, or the official archive's folder in it, holds a part.
    static boolean isIn(Path folder, Split split) {
        return Files.exists(place(folder).resolve(split + "_X.bin"))
                && Files.exists(place(folder).resolve(split + "_y.bin"));
    }

    /// The images of a part.
    ///
    /// @throws DataException if a file is missing or cut short, the numbers of images and labels differ, or a
    ///     label is not one of the names'
    static Stl10 open(Path folder, Split split) {
        Path place = place(DataFiles.requireFolder(folder));
        Path images = place.resolve(split + "_X.bin");
        Path labelFile = place.resolve(split + "_y.bin");
        List<String> classes = ClassList.read(place.resolve("class_names.txt"));
        byte[] said = DataFiles.bytes(labelFile);
        int count = records(images);
        if (said.length != count) {
            throw new DataException(
                    images + ": has " + count + " images, and " + labelFile + " " + said.length + " labels");
        }
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (said[i] & 0xFF) - 1;
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new DataException(labelFile + ": image " + i + " has the label " + (labels[i] + 1) + ", not 1 … "
                        + classes.size());
            }
        }
        Path further = place.resolve(UNLABELLED);
        boolean all = split == Split.TRAIN && Files.exists(further);
        return new Stl10(images, further, labels, count + (all ? records(further) : 0), classes);
    }

    private static int records(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes == 0 || bytes % BYTES != 0 || bytes / BYTES > Integer.MAX_VALUE / 2) {
                throw new DataException(file + ": " + bytes + " bytes are not a whole number of images of " + BYTES
                        + " bytes: the file is cut short, or not STL-10's binary version");
            }
            return (int) (bytes / BYTES);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    @Override
    public int size() {
        return size;
    }

    private Path file(int index) {
        return index < labels.length ? labelled : unlabelled;
    }

    private int record(int index) {
        return index < labels.length ? index : index - labels.length;
    }

    @Override
    public String name(int index) {
        return file(index) + "[" + record(index) + "]";
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.CLASS;
    }

    @Override
    public Target target(int index) {
        return index < labels.length ? new Target.OneClass(labels[index]) : Target.NONE;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public LeftOut.Reason reasonWithoutClass() {
        return LeftOut.Reason.WITHOUT_CLASS;
    }

    @Override
    public RgbImage load(int index) {
        byte[] planes = read(index);
        RgbImage image = new RgbImage(SIDE, SIDE);
        byte[] rgb = image.rgb();
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * SIDE + x) + c] = planes[c * PLANE + x * SIDE + y];
                }
            }
        }
        return image;
    }

    private byte[] read(int index) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        try (SeekableByteChannel channel = Files.newByteChannel(file(index))) {
            channel.position((long) record(index) * BYTES);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new UnreadableImageException(name(index), "is truncated");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw new UnreadableImageException(name(index), "cannot be read (" + DataException.because(e) + ")", e);
        }
    }
}
