package org.jmoco.nn.data.loader;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One image decoded and augmented, as JDK Flight Recorder sees it. Touched only where there is a recorder.
@Name("org.jmoco.Image")
@Label("Image")
@Category("jmoco")
@Description("One image, decoded and made into its views by a loader thread")
@StackTrace(false)
final class ImageEvent extends Event {
    @Label("Image")
    String image;

    @Label("Views")
    int views;
}
