package org.jmoco.nn.data.dense;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The categories of COCO's objects: 80, with ids from 1 to 90. torchvision's networks tell ids apart, those of
/// detectron2 and mmdet the categories in the order of their ids.
public final class CocoCategories {
    /// The highest id.
    public static final int HIGHEST_ID = 90;

    /// By id from 1 on; empty where COCO has no category.
    private static final String BY_ID = """
            person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,
            ,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,
            bear,zebra,giraffe,,backpack,umbrella,,,handbag,tie,suitcase,
            frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,
            bottle,,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,
            broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,,
            dining table,,,toilet,,tv,laptop,mouse,remote,keyboard,cell phone,
            microwave,oven,toaster,sink,refrigerator,,book,clock,vase,scissors,teddy bear,
            hair drier,toothbrush""";

    private CocoCategories() {}

    /// The names by id, that of id 1 first; empty for ids that are none.
    public static List<String> byId() {
        return Arrays.stream(BY_ID.replace("\n", "").split(",", -1)).toList();
    }

    /// The names in the order of their ids.
    public static List<String> names() {
        List<String> names = new ArrayList<>(byId());
        names.removeIf(String::isEmpty);
        return Collections.unmodifiableList(names);
    }
}
