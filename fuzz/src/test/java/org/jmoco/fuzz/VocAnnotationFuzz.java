package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.Voc;
import org.jmoco.nn.data.source.VocAnnotation;
import org.junit.jupiter.params.provider.MethodSource;

/// VOC's XML. Documents with a type or with entities are refused, whatever these name.
class VocAnnotationFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 2 << 20, 1024);
    private static final String PLAIN =
            "<annotation><size><width>353</width><height>500</height></size><object><name>dog</name><difficult>0</difficult>"
                    + "<bndbox><xmin>48</xmin><ymin>240.5</ymin><xmax>195</xmax><ymax>371</ymax></bndbox></object></annotation>";

    static Stream<byte[]> seeds() {
        return Seeds.texts(
                PLAIN,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + PLAIN,
                "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + PLAIN.replace("dog", "&e;"),
                "<!DOCTYPE a SYSTEM \"http://localhost/a.dtd\">" + PLAIN,
                "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
                        + PLAIN.replace("dog", "&c;"));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void annotation(byte[] file) {
        BOUNDS.hold(file, bytes -> {
            for (VocAnnotation.Annotated o : VocAnnotation.parse(bytes, "x.xml").objects()) {
                if (o.label() < 0 || o.label() >= Voc.CLASSES.size() || o.xmin() > o.xmax() || o.ymin() > o.ymax()) {
                    throw new AssertionError("an impossible object was read: " + o);
                }
            }
        });
    }
}
