package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// WebDataset's convention: files whose names are equal up to the first dot are one sample. `000017.jpg` has its
/// class in `000017.cls`, a number or a name, or else in `000017.json` under `cls`, `label` or `class`.
///
/// An image file's class is looked for if the file's name has nothing but the image's extension after that dot.
final class SampleClasses {
    private static final int LONGEST_CLASS = 256;

    /// A description of one image, with captions and all.
    private static final int LONGEST_JSON = 1 << 20;

    private SampleClasses() {}

    /// Finds the classes of images among the files of an archive.
    ///
    /// @throws DataException naming a file that should have a class and has none
    static void find(Bytes bytes, String title, TarIndex.Builder files) throws IOException {
        TarIndex index = files.build();
        Map<String, Integer> images = new HashMap<>();
        for (int i = 0; i < index.files(); i++) {
            String name = index.names()[i];
            if (ImageFormat.ofName("x." + extension(name)).isPresent()) {
                images.putIfAbsent(key(name), i);
            }
        }
        for (String wanted : new String[] {"json", "cls"}) {
            for (int i = 0; i < index.files(); i++) {
                String name = index.names()[i];
                Integer image = extension(name).equals(wanted) ? images.get(key(name)) : null;
                if (image == null) {
                    continue;
                }
                int most = wanted.equals("cls") ? LONGEST_CLASS : LONGEST_JSON;
                if (index.lengths()[i] > most) {
                    throw new DataException(title + ": " + name + ": has " + index.lengths()[i]
                            + " bytes; a class has at most " + most);
                }
                byte[] text = bytes.read(index.offsets()[i], (int) index.lengths()[i]);
                Optional<String> said =
                        wanted.equals("cls") ? Optional.of(plain(text, title, name)) : inJson(text, title, name);
                said.ifPresent(c -> files.classOf(index.names()[image], c));
            }
        }
    }

    /// A name up to the first dot after its folders.
    private static String key(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String extension(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    private static String plain(byte[] text, String title, String name) {
        try {
            String said = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString()
                    .strip();
            if (said.isEmpty() || said.indexOf('\n') >= 0) {
                throw new DataException(title + ": " + name + ": should have one class in one line");
            }
            return said;
        } catch (CharacterCodingException e) {
            throw new DataException(title + ": " + name + ": is no UTF-8 text", e);
        }
    }

    private static Optional<String> inJson(byte[] text, String title, String name) {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                    found.put(key, parser.getString().strip());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            String reason =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new DataException(title + ": " + name + ": is broken JSON (" + reason + ")", e);
        }
        for (String key : new String[] {"cls", "label", "class"}) {
            String said = found.getOrDefault(key, "");
            if (!said.isEmpty() && said.length() <= LONGEST_CLASS && said.indexOf('\n') < 0) {
                return Optional.of(said);
            }
        }
        return Optional.empty();
    }
}
