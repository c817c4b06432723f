/// Masks of objects as COCO has them. [org.jmoco.eval.masks.Rle] holds the pixels of an object as run lengths,
/// [org.jmoco.eval.masks.Polygon] turns polygons into pixels by COCO's rule.
package org.jmoco.eval.masks;
