package org.jmoco.nn.data.source;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jmoco.nn.data.DataException;

/// The objects in one image, from VOC's `Annotations/<id>.xml`.
///
/// @param width,height of the image in pixels   @param objects in the order of the file
public record VocAnnotation(int width, int height, List<Annotated> objects) {
    /// One object.
    ///
    /// @param label class number, in [Voc#CLASSES] or other classes given   @param difficult whether evaluation
    ///     is to ignore it
    /// @param xmin,ymin,xmax,ymax box in pixels as the file has it: 1-based, both ends inside
    public record Annotated(
            int label, boolean difficult, boolean truncated, double xmin, double ymin, double xmax, double ymax) {}

    /// Deeper elements than `annotation/object/part/bndbox/xmin` do not come up.
    private static final int MAX_DEPTH = 16;

    /// Reads a file. Document types and external entities are refused.
    ///
    /// @throws DataException if the file is missing, no such XML, or a box or a class is not possible
    public static VocAnnotation read(Path file) {
        return read(file, Voc.CLASSES);
    }

    /// Reads a file with other classes than VOC's.
    ///
    /// @throws DataException as [#read]
    public static VocAnnotation read(Path file, List<String> classes) {
        return parse(DataFiles.bytes(file), file.toString(), classes);
    }

    /// Reads the bytes of a file.
    ///
    /// @param name begins error messages
    /// @throws DataException as [#read]
    public static VocAnnotation parse(byte[] xml, String name) {
        return parse(xml, name, Voc.CLASSES);
    }

    private static VocAnnotation parse(byte[] xml, String name, List<String> classes) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> new ByteArrayInputStream(new byte[0]));
        try {
            // As text: of bytes that are no UTF-8 the JDK's parser would speak on the standard error stream. All
            // that is read from here is ASCII.
            return new Parser(
                            factory.createXMLStreamReader(new StringReader(new String(xml, StandardCharsets.UTF_8))),
                            name,
                            classes)
                    .annotation();
        } catch (XMLStreamException | RuntimeException e) {
            if (e instanceof DataException refused) {
                throw refused;
            }
            // The JDK's parser also fails with unchecked exceptions.
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no XML");
            throw new DataException(name + ": is broken XML (" + reason + ")", e);
        }
    }

    /// Walks the elements and keeps the texts of those without children by their path.
    private static final class Parser {
        private final XMLStreamReader xml;
        private final String name;
        private final List<String> classes;

        Parser(XMLStreamReader xml, String name, List<String> classes) {
            this.xml = xml;
            this.name = name;
            this.classes = classes;
        }

        VocAnnotation annotation() throws XMLStreamException {
            List<String> path = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            Map<String, String> image = new HashMap<>();
            Map<String, String> object = new HashMap<>();
            List<Annotated> objects = new ArrayList<>();
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.add(xml.getLocalName());
                        text.setLength(0);
                        if (path.size() > MAX_DEPTH || !path.getFirst().equals("annotation")) {
                            throw new DataException(name + ": is no VOC annotation");
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String place = String.join("/", path);
                        if (place.equals("annotation/object")) {
                            objects.add(object(object));
                            object.clear();
                        } else {
                            (place.startsWith("annotation/object/") ? object : image).put(place, text.toString());
                        }
                        text.setLength(0);
                        path.removeLast();
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new DataException(name + ": has a document type or an entity, which is refused");
                    default -> {}
                }
            }
            int width = (int) number(image, "annotation/size/width");
            int height = (int) number(image, "annotation/size/height");
            return new VocAnnotation(width, height, List.copyOf(objects));
        }

        private Annotated object(Map<String, String> texts) {
            String className = texts.getOrDefault("annotation/object/name", "").strip();
            int label = classes.indexOf(className);
            if (label < 0) {
                throw new DataException(name
                        + (classes == Voc.CLASSES
                                ? ": an object of no VOC class"
                                : ": an object of the class '" + DataFiles.shortened(className)
                                        + "', which is not in classes.txt"));
            }
            String box = "annotation/object/bndbox/";
            Annotated object = new Annotated(
                    label,
                    flag(texts, "annotation/object/difficult"),
                    flag(texts, "annotation/object/truncated"),
                    number(texts, box + "xmin"),
                    number(texts, box + "ymin"),
                    number(texts, box + "xmax"),
                    number(texts, box + "ymax"));
            if (object.xmin > object.xmax || object.ymin > object.ymax) {
                throw new DataException(name + ": a " + className + " has a box of negative size");
            }
            return object;
        }

        private static boolean flag(Map<String, String> texts, String place) {
            return texts.getOrDefault(place, "0").strip().equals("1");
        }

        /// VOC has a few boxes with fractions.
        private double number(Map<String, String> texts, String place) {
            String text = texts.getOrDefault(place, "").strip();
            if (!text.matches("\\d{1,6}(\\.\\d{1,9})?")) {
                throw new DataException(name + ": " + place + " is no number");
            }
            return Double.parseDouble(text);
        }
    }
}
