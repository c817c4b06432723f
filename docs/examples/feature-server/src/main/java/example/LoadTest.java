package example;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.FeatureExtractor;
import org.jmoco.eval.extract.FeatureTable;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageSource;

/// Clients that ask a [FeatureServer] for the features of the bundled images, one request after another, for some
/// seconds. Every answer is compared, bit for bit, with what one thread computes of the same images.
public final class LoadTest {
    private static final int IMAGES = 200;

    private LoadTest() {}

    /// @param args a file of weights, seconds (60), clients (16)
    public static void main(String... args) throws Exception {
        Path weights = Path.of(args[0]);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        int clients = args.length > 2 ? Integer.parseInt(args[2]) : 16;
        ImageSource images = BundledSample.test();
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            files.add(PngWriter.encode(images.load(i)));
        }
        float[][] expected = oneThread(weights, images);
        try (FeatureServer server = new FeatureServer(weights, 0)) {
            load(server, files, expected, clients, Duration.ofSeconds(Math.max(2, seconds / 6))); // until compiled
            long before = resident();
            List<Long> nanos = load(server, files, expected, clients, Duration.ofSeconds(seconds));
            report(nanos, seconds, before, resident());
        }
    }

    private static float[][] oneThread(Path weights, ImageSource images) {
        FeatureExtractor extractor =
                new FeatureExtractor(Encoder.read(weights), List.of(Tap.AVGPOOL), LoaderOptions.evaluation(100));
        FeatureTable table = extractor.table(images, FeatureServer.pipeline(weights));
        float[] values = table.values().payload().toArray(ValueLayout.JAVA_FLOAT);
        float[][] rows = new float[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            rows[i] = Arrays.copyOfRange(values, i * table.dim(), (i + 1) * table.dim());
        }
        return rows;
    }

    /// Times of all requests.
    private static List<Long> load(
            FeatureServer server, List<byte[]> files, float[][] expected, int clients, Duration duration)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/features");
        long end = System.nanoTime() + duration.toNanos();
        List<Long> nanos = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newHttpClient()) {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int c = 0; c < clients; c++) {
                int first = c * files.size() / clients;
                all.add(threads.submit(() -> ask(http, uri, files, expected, first, end)));
            }
            for (Future<List<Long>> one : all) {
                nanos.addAll(one.get());
            }
        }
        return nanos;
    }

    private static List<Long> ask(HttpClient http, URI uri, List<byte[]> files, float[][] expected, int first, long end)
            throws IOException, InterruptedException {
        List<Long> nanos = new ArrayList<>();
        for (int i = first; System.nanoTime() < end; i = (i + 1) % files.size()) {
            long start = System.nanoTime();
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(files.get(i)))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            nanos.add(System.nanoTime() - start);
            if (answer.statusCode() != 200 || !Arrays.equals(floats(answer.body()), expected[i])) {
                throw new IllegalStateException(
                        "image " + i + ": status " + answer.statusCode() + ", " + answer.body());
            }
        }
        return nanos;
    }

    private static float[] floats(String json) {
        String[] numbers = json.substring(1, json.length() - 1).split(", ");
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(numbers[i]);
        }
        return values;
    }

    /// MiB of memory that the process holds, after a collection.
    private static long resident() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        return !Files.exists(status)
                ? 0
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                        .findFirst()
                        .orElse(0);
    }

    private static void report(List<Long> nanos, int seconds, long before, long after) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%,d requests, none wrong: %.0f images/s, p50 %.1f ms, p99 %.1f ms; resident %d MiB before, %d after%n",
                sorted.length,
                sorted.length / (double) seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                before,
                after);
    }
}
