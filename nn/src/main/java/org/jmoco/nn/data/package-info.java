/// Images in: from files to batches of augmented views, all as bytes.
///
/// Read in this order: {@link org.jmoco.nn.data.image.RgbImage} and {@link org.jmoco.nn.data.image.ImageDecoder} (files to pixels),
/// {@link org.jmoco.nn.data.source.ImageSource} and {@link org.jmoco.nn.data.source.Sources} (data sets, and how they are opened),
/// {@link org.jmoco.nn.data.augment.Pipeline} and {@link org.jmoco.nn.data.augment.Preset} (augmentation as data, and that of the papers),
/// {@link org.jmoco.nn.data.loader.Loader} (parallel, ordered batches), and in `tool` what is done with whole data sets:
/// {@link org.jmoco.nn.data.tool.Fetch}, {@link org.jmoco.nn.data.tool.DataCheck}, {@link org.jmoco.nn.data.tool.ViewGrid}.
///
/// Words: an *image* is a picture of a data set; a *view* is one augmented version of it; a *source* gives images by index; a
/// *pipeline* makes views; a *batch* holds the views of n images. Pixels are uint8 in the order height, width, RGB, and stay bytes
/// until the device normalises them. Every random draw is a function of (seed, epoch, image index, view).
package org.jmoco.nn.data;
