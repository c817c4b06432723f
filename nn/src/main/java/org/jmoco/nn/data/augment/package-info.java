/// Transforms of images and pipelines of them, with the arithmetic of torchvision on Pillow images.
package org.jmoco.nn.data.augment;
