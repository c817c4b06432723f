package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `docs/data.md` as they stand there, on miniatures of the data sets that they name, and what the
/// page says of them. Only paths are put in front of names, since the test runs in another folder.
class DataPageTest {
    /// What the page promises or a command answers, by how the command begins.
    private static final Map<String, String> ANSWERS = Map.of(
            "data check data/imagenet/train", "images=12 ",
            "data show", "images=8 ",
            "data scenes", "scenes",
            "data check data/imagenette2.tar", "images=4 ",
            "data check data/ilsvrc2012", "images=4 ",
            "data check data/shards", "images=147 ",
            "data check 'data/shards/train-{000000..000146}.tar'", "images=147 ",
            "knn", "knn=");

    @TempDir
    Path temp;

    private static List<String> commands() throws IOException {
        List<String> lines = new ArrayList<>();
        Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/data.md")))
                .results()
                .flatMap(m -> m.group(1).lines())
                .map(l -> l.replaceFirst("\\s+#.*", "").strip())
                .forEach(lines::add);
        return lines;
    }

    @Test
    void everyCommandRuns() throws IOException {
        makeData();
        List<String> commands = commands();
        assertEquals(9, commands.size());
        for (String command : commands) {
            assertTrue(command.startsWith("./jmoco "), command);
            String own = command.substring("./jmoco ".length());
            if (own.startsWith("data cifar10 ")) {
                // Fetches from the network: FetchTest has a network of its own.
                assertTrue(Main.understands(own.split(" ")), command);
                continue;
            }
            String answer = ANSWERS.entrySet().stream()
                    .filter(a -> own.equals(a.getKey()) || own.startsWith(a.getKey() + " "))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the page has a command without a test: " + command));
            Result ran = Miniatures.run((Object[]) words(own));
            assertEquals(0, ran.code(), () -> command + "\n" + ran.err());
            String last = ran.out().getLast();
            assertTrue(last.startsWith("result ") && last.contains(answer), command + "\n" + ran.out());
        }
        assertTrue(Files.size(temp.resolve("views.png")) > 0);
        assertTrue(Files.isDirectory(temp.resolve("data/scenes/VOC2012")));
        assertTrue(Files.isDirectory(temp.resolve("data/scenes/coco")));
    }

    private String[] words(String command) {
        return Stream.of(command.split("\\s+"))
                .map(w -> w.replaceAll("^'(.*)'$", "$1"))
                .map(w -> w.matches("(data|features)/.*|.*\\.png")
                        ? temp.resolve(w).toString()
                        : w)
                .map(w -> w.startsWith("configs/") ? "../" + w : w)
                .toArray(String[]::new);
    }

    private void makeData() throws IOException {
        Path data = temp.resolve("data");
        Miniatures.imageNet(data.resolve("imagenet"));
        cifar10(data.resolve("cifar10"));
        Path folder = temp.resolve("folder");
        for (int i = 0; i < 4; i++) {
            Miniatures.image(folder.resolve("train/n0" + i % 2 + "/" + i + ".png"), i % 2, i);
            Miniatures.image(folder.resolve("val/n0" + i % 2 + "/" + i + ".png"), i % 2, 10 + i);
        }
        TarMaker.of(folder).write(data.resolve("imagenette2.tar"));

        Path ilsvrc = data.resolve("ilsvrc2012");
        TarMaker train = new TarMaker();
        TarMaker val = new TarMaker();
        StringBuilder labels = new StringBuilder();
        for (int c = 0; c < 2; c++) {
            train.file(
                    "n0" + c + ".tar",
                    TarMaker.of(folder.resolve("train/n0" + c)).bytes());
            String name = "ILSVRC2012_val_0000000" + (c + 1) + ".JPEG";
            val.file(name, Files.readAllBytes(folder.resolve("val/n0" + c + "/" + c + ".png")));
            labels.append(name).append(' ').append(c).append('\n');
        }
        train.write(ilsvrc.resolve("ILSVRC2012_img_train.tar"));
        val.write(ilsvrc.resolve("ILSVRC2012_img_val.tar"));
        Files.writeString(ilsvrc.resolve("val.txt"), labels);

        for (int s = 0; s < 147; s++) {
            shard(data.resolve("shards/train-%06d.tar".formatted(s)), s);
        }
        shard(data.resolve("shards/val-000000.tar"), 150);

        for (String part : List.of("train", "test")) {
            int n = part.equals("train") ? 24 : 6;
            float[] rows = new float[n * 2];
            int[] classes = new int[n];
            for (int i = 0; i < n; i++) {
                classes[i] = i % 2;
                rows[2 * i + i % 2] = 1 + i;
            }
            Path features = Files.createDirectories(temp.resolve("features"));
            Npy.write(features.resolve(part + ".npy"), ArrayData.ofFloats(rows, n, 2));
            Npy.write(features.resolve(part + ".labels.npy"), ArrayData.ofInts(classes, n));
        }
    }

    private void shard(Path file, int number) throws IOException {
        Path image = temp.resolve("shard.png");
        Miniatures.image(image, number, number);
        new TarMaker()
                .file("%06d.png".formatted(number), Files.readAllBytes(image))
                .file("%06d.cls".formatted(number), Integer.toString(number % 3))
                .write(file);
    }

    /// The published layout with 20 images a file.
    private static void cifar10(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of(
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin",
                "test_batch.bin")) {
            byte[] batch = new byte[20 * 3073];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = (byte) (i % 3073 == 0 ? i / 3073 % 10 : i * (name.charAt(11) + 7) >> 3);
            }
            Files.write(folder.resolve(name), batch);
        }
    }
}
