/// Masks of objects. [org.jmoco.eval.masks.Rle] holds the pixels of an object as run lengths, as COCO has them,
/// [org.jmoco.eval.masks.Polygon] turns polygons into pixels by COCO's rule. Between a network and an image stand
/// [org.jmoco.eval.masks.MaskTarget], what it is to find in a box, and [org.jmoco.eval.masks.MaskPaste], what
/// becomes of what it found.
package org.jmoco.eval.masks;
