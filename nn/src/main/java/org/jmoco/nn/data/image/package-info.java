/// Files to pixels: JPEG, PNG and BMP decoded to the RGB bytes that Pillow gives, and a PNG writer.
package org.jmoco.nn.data.image;
