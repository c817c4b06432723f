package org.jmoco.nn.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Mutations;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that are no weights, are cut short, or lie about themselves: one line each, which says what they are.
class OtherFileTest {
    private static final ResNetSpec SPEC = WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 1);

    @TempDir
    Path folder;

    private static String refusal(Path file) {
        String message = assertThrows(
                        FormatException.class, () -> Weights.read(file).network())
                .getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertEquals(1, message.lines().count(), message);
        return message.substring(file.toString().length() + 2);
    }

    private String refusal(byte[] content) throws IOException {
        return refusal(Files.write(folder.resolve("w.pth"), content));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                | the file is empty",
                "version https://git-lfs.github.com/spec/v1 oid sha256:4d7a214614  | this is a Git LFS pointer",
                "<!DOCTYPE html><html><head><title>Sign in                         | this is a web page (HTML)",
                "'\u00ef\u00bb\u00bf<html>'                                          | this is a web page (HTML)",
                "'  <html lang=en>'                                                | this is a web page (HTML)",
                "<?xml version='1.0'?><Error><Code>AccessDenied                    | this is an XML text",
                "{\"error\": \"Repository not found\"}                             | this is a JSON text",
                "hello world                                                       | neither safetensors nor",
            })
    void textsAreNamed(String text, String kind) throws IOException {
        String message = refusal(text.getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(message.startsWith(kind), message);
    }

    @Test
    void packedFilesAndOtherFormatsAreNamed() throws IOException {
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
            out.write(WeightFixtures.bytes("moco-v1.pth"));
        }
        assertEquals("this is a gzip file; unpack it first", refusal(gz.toByteArray()));
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("thesis/chapter1.txt"));
            out.write(new byte[1000]);
        }
        assertEquals(
                "a zip file of \"thesis/chapter1.txt\" and no FOLDER/data.pkl; not written by torch.save",
                refusal(zip.toByteArray()));
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertEquals("this is a tar archive; unpack it first", refusal(tar));
        Path npy = folder.resolve("w.npy");
        Npy.write(npy, ArrayData.ofFloats(new float[4]));
        assertTrue(refusal(npy).startsWith("this is one numpy array"), refusal(npy));
        assertTrue(refusal(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0, 0})
                .startsWith("this is an HDF5 file"));
    }

    @ParameterizedTest
    @CsvSource({"mmselfsup-1x.pth, is the file truncated?", "moco-v1.pth, is truncated", "w.safetensors, truncated?"})
    void truncationIsNamed(String name, String words) throws IOException {
        Path whole = folder.resolve("w.safetensors");
        SafeTensors.write(whole, WeightFixtures.fill("", SPEC), Map.of());
        byte[] bytes = name.equals("w.safetensors") ? Files.readAllBytes(whole) : WeightFixtures.bytes(name);
        String message = refusal(Arrays.copyOf(bytes, bytes.length - 2000));
        assertTrue(message.contains(words), message);
        String header = refusal(Arrays.copyOf(bytes, 100));
        assertTrue(header.contains("trunca") || header.contains("ends"), header);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                              | 0 | holds no arrays at all",
                "{\"__metadata__\":{\"format\":\"pt\"}}                           | 0 | holds no arrays at all",
                "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[3000000000],\"data_offsets\":[0,4]}} | 4 | has 4 bytes",
                "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}} | 4 | too large",
                "{\"layer1.0.conv1.weight\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | no ResNet",
                "{\"conv1.weight\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}} | 4 | F8_E4M3 are not read"
            })
    void headersThatLieAreOneLine(String header, int block, String words) throws IOException {
        byte[] json = header.strip().getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + json.length + block)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
        assertTrue(refusal(file).contains(words), refusal(file));
    }

    /// In a file with a hole, which takes no place on the disk.
    @Test
    void arraysThatNoEngineCanHoldAreNoHead() throws IOException {
        Map<String, ArrayData> arrays = WeightFixtures.fill("", SPEC);
        Path small = folder.resolve("small.safetensors");
        SafeTensors.write(small, arrays, Map.of());
        byte[] bytes = Files.readAllBytes(small);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8).strip();
        long block = bytes.length - 8 - length;
        long rows = 1L << 29;
        long end = block + 32 * rows;
        String more = header.substring(0, header.length() - 1)
                + ",\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[" + rows + ",8],\"data_offsets\":[" + block + "," + end
                + "]},\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[" + rows + "],\"data_offsets\":[" + end + ","
                + (end + 4 * rows) + "]}}";
        byte[] json = more.getBytes(StandardCharsets.UTF_8);
        Path huge = folder.resolve("huge.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            file.write(json);
            file.write(bytes, 8 + length, (int) block);
            file.setLength(8 + json.length + end + 4 * rows);
        }
        Weights weights = Weights.read(huge);
        assertEquals(List.of(), weights.spec().head());
        assertEquals(arrays, weights.network());
    }

    @Test
    void ofAFolderTheFileIsNamed() throws IOException {
        assertEquals("this is a folder; give the file with the weights in it", refusal(folder));
        Files.write(folder.resolve("final.safetensors"), new byte[0]);
        assertEquals("this is a folder; give the file with the weights in it, final.safetensors", refusal(folder));
    }

    @Test
    void shardsAreReadByTheirIndex() throws IOException {
        Map<String, ArrayData> arrays = WeightFixtures.fill("", SPEC);
        Map<String, ArrayData> first = new LinkedHashMap<>();
        Map<String, ArrayData> second = new LinkedHashMap<>();
        StringBuilder map = new StringBuilder();
        Namings.HUGGING_FACE.of(arrays).forEach((name, array) -> {
            boolean here = first.size() <= second.size();
            (here ? first : second).put(name, array);
            map.append(map.isEmpty() ? "" : ", ")
                    .append("\"" + name + "\": \"model-0000" + (here ? 1 : 2) + "-of-00002.safetensors\"");
        });
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {" + map + "}}\n");
        Path one = folder.resolve("model-00001-of-00002.safetensors");
        SafeTensors.write(one, first, Map.of());
        assertEquals(
                "the index names files that do not lie beside it: model-00002-of-00002.safetensors", refusal(index));
        SafeTensors.write(folder.resolve("model-00002-of-00002.safetensors"), second, Map.of());
        assertEquals(arrays, Weights.read(index).network());
        assertTrue(refusal(one).contains("one of 2 files; give the index beside it"), refusal(one));
        first.remove("resnet.embedder.embedder.convolution.weight");
        SafeTensors.write(one, first, Map.of());
        assertTrue(refusal(index).contains("lacks \"resnet.embedder.embedder.convolution.weight\""), refusal(index));
        Files.writeString(index, "{\"weight_map\": {\"a\": \"../../etc/passwd\"}}");
        assertTrue(refusal(index).contains("must be the name of a file beside the index"), refusal(index));
    }

    @Test
    void damagedIndicesAreReadOrRefused() {
        byte[] valid = "{\"metadata\": {\"a\": [1, {}]}, \"weight_map\": {\"a.b\": \"m-1.st\", \"c\": \"m-2.st\"}}"
                .getBytes(StandardCharsets.UTF_8);
        Mutations.feed(valid, FormatException.class::isInstance, bytes -> ShardIndex.parse("damaged", bytes));
    }
}
