package org.jmoco.nn.data.source;

import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;

/// Several sources as one, such as the years of PASCAL VOC: the images of the first, then those of the next.
public final class JoinedImages implements ImageSource {
    private final List<? extends ImageSource> parts;

    private JoinedImages(List<? extends ImageSource> parts) {
        this.parts = List.copyOf(parts);
    }

    /// Joins sources.
    ///
    /// @param parts at least one, with targets of the same kind
    /// @throws DataException if the classes differ
    public static ImageSource of(List<? extends ImageSource> parts) {
        ImageSource first = parts.getFirst();
        for (ImageSource part : parts) {
            if (!part.classes().equals(first.classes()) || part.targets() != first.targets()) {
                throw new DataException(part.name(0) + ": has other classes than " + first.name(0) + ", "
                        + part.classes() + " and " + first.classes());
            }
        }
        return parts.size() == 1 ? first : new JoinedImages(parts);
    }

    /// An image of one of the parts.
    private record Place(ImageSource part, int index) {}

    private Place place(int index) {
        int rest = index;
        for (ImageSource part : parts) {
            if (rest < part.size()) {
                return new Place(part, rest);
            }
            rest -= part.size();
        }
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return parts.stream().mapToInt(ImageSource::size).sum();
    }

    @Override
    public String name(int index) {
        Place place = place(index);
        return place.part.name(place.index);
    }

    @Override
    public String id(int index) {
        Place place = place(index);
        return place.part.id(place.index);
    }

    @Override
    public Target.Kind targets() {
        return parts.getFirst().targets();
    }

    @Override
    public Target target(int index) {
        Place place = place(index);
        return place.part.target(place.index);
    }

    @Override
    public int label(int index) {
        Place place = place(index);
        return place.part.label(place.index);
    }

    @Override
    public List<String> classes() {
        return parts.getFirst().classes();
    }

    @Override
    public RgbImage load(int index) {
        Place place = place(index);
        return place.part.load(place.index);
    }

    @Override
    public List<LeftOut> leftOut() {
        return parts.stream().map(ImageSource::leftOut).reduce(List.of(), LeftOut::joined);
    }
}
