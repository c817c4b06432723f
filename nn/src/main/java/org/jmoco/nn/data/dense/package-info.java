/// Images with a class for every pixel, or with boxes and masks: their files, and the transforms that images and
/// what is known of their pixels go through together.
///
/// Read in this order: [org.jmoco.nn.data.dense.LabelData] (opens what lies in a folder),
/// [org.jmoco.nn.data.dense.Scene] (an image with its label map), [org.jmoco.nn.data.dense.SegmentationCrops] (what
/// a network is trained on). The arithmetic is OpenCV's and the order of steps MMSegmentation's, to the byte; draws
/// are functions of (seed, image, step). Of objects: [org.jmoco.nn.data.dense.ObjectScene] (an image with boxes and
/// masks), [org.jmoco.nn.data.dense.ObjectViews] (resized and flipped, by detectron2 or mmdet),
/// [org.jmoco.nn.data.dense.AspectGroups] (which images come together).
package org.jmoco.nn.data.dense;
