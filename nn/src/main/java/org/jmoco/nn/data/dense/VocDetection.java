package org.jmoco.nn.data.dense;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataFiles;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.Target;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.nn.data.source.VocAnnotation;

/// Detection in the layout of PASCAL VOC: `ImageSets/Main/<set>.txt` lists images whose objects are in
/// `Annotations/<id>.xml`.
public final class VocDetection {
    private static final String LISTS = "ImageSets/Main";

    private VocDetection() {}

    /// Reads image sets.
    ///
    /// VOC's boxes count pixels from 1, both ends inside: `xmin … xmax` becomes `xmin − 1 … xmax` here.
    ///
    /// @param folder the year's folder, such as `VOCdevkit/VOC2007`
    /// @param sets   names of lists, such as `trainval`; several are joined by `+`
    /// @throws DataException if a list, an image or an annotation is missing, or there is none. What is in
    ///     annotations is read when it is asked for
    public static ImageFiles read(Path folder, String sets, ImageDecoder decoder) {
        Path lists = DataFiles.requireFolder(folder).resolve(LISTS);
        List<String> ids = new ArrayList<>();
        List<Path> images = new ArrayList<>();
        List<Path> annotations = new ArrayList<>();
        for (String set : sets.split("\\+", -1)) {
            Path list = VocSegmentation.list(lists, set);
            List<String> listed = Voc.ids(list);
            List<Path> files = listed.stream()
                    .map(id -> folder.resolve("Annotations").resolve(id + ".xml"))
                    .toList();
            DataFiles.requireFiles(files, i -> list + ": the annotation of " + listed.get(i));
            ids.addAll(listed);
            images.addAll(Voc.images(folder, listed, list));
            annotations.addAll(files);
        }
        if (ids.isEmpty()) {
            throw new DataException(lists + ": the lists of '" + sets + "' are empty");
        }
        List<String> classes = Voc.classes(folder);
        return ImageFiles.reading(images, Target.Kind.OBJECTS, i -> objects(annotations.get(i), classes), classes)
                .withIds(ids)
                .with(decoder);
    }

    private static Target objects(Path file, List<String> classes) {
        VocAnnotation annotation = VocAnnotation.read(file, classes);
        List<Target.Instance> instances = new ArrayList<>();
        for (VocAnnotation.Annotated object : annotation.objects()) {
            Target.Box box = new Target.Box(object.xmin() - 1, object.ymin() - 1, object.xmax(), object.ymax());
            double area = (box.x1() - box.x0()) * (box.y1() - box.y0());
            instances.add(new Target.Instance(object.label(), box, area, object.difficult(), false, Optional.empty()));
        }
        return new Target.Objects(annotation.width(), annotation.height(), instances);
    }
}
