/// Data sets: image folders, list files, CIFAR-10, IDX, PASCAL VOC, the bundled sample.
package org.jmoco.nn.data.source;
