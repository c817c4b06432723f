/// Images in: from files to batches of augmented views, all as bytes.
///
/// Read in this order: [org.jmoco.nn.data.image.RgbImage] and [org.jmoco.nn.data.image.ImageDecoder] (files to
/// pixels), [org.jmoco.nn.data.source.ImageSource], [org.jmoco.nn.data.source.Target] and
/// [org.jmoco.nn.data.source.DataSpec] (data sets, what is known of an image, and how they are described and
/// opened), [org.jmoco.nn.data.augment.Pipeline] and [org.jmoco.nn.data.augment.Preset] (augmentation as data,
/// and that of the papers), [org.jmoco.nn.data.loader.Loader] (parallel, ordered batches), and in `tool` what is
/// done with whole data sets: [org.jmoco.nn.data.tool.Fetch], [org.jmoco.nn.data.tool.DataCheck],
/// [org.jmoco.nn.data.tool.ViewGrid].
///
/// Words: an *image* is a picture of a data set; a *view* is one augmented version of it; a *source* gives images
/// by index; a *pipeline* makes views; a *batch* holds the views of n images. Pixels are uint8 in the order
/// height, width, RGB, and stay bytes until the device normalises them. Every random draw is a function of (seed,
/// epoch, image index, view).
package org.jmoco.nn.data;
