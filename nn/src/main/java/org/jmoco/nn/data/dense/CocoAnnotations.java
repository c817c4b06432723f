package org.jmoco.nn.data.dense;

import java.util.List;
import org.jmoco.nn.data.source.Target;

/// All that a file of annotations in COCO's form says of objects, without the images: what evaluation compares
/// detections with. Images and classes stand in the order of their ids, as COCO's own code takes them.
///
/// @param imageIds `[images]`, rising   @param files `[images]`, the images' names   @param objects `[images]`
/// @param categoryIds `[classes]`, rising; class numbers are their ranks   @param classes `[classes]`, names
public record CocoAnnotations(
        List<Long> imageIds,
        List<String> files,
        List<Target.Objects> objects,
        List<Long> categoryIds,
        List<String> classes) {
    public CocoAnnotations {
        imageIds = List.copyOf(imageIds);
        files = List.copyOf(files);
        objects = List.copyOf(objects);
        categoryIds = List.copyOf(categoryIds);
        classes = List.copyOf(classes);
    }
}
