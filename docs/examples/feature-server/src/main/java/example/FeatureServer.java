package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.EncoderPixels;
import org.jmoco.eval.extract.FeatureService;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.CenterCrop;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Resize;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.Device;

/// Serves the features of images over HTTP: `POST /features` with the bytes of a file answers with a JSON array.
public final class FeatureServer implements AutoCloseable {
    private static final int LARGEST = 32 << 20; // bytes of a file

    private final HttpServer server;
    private final FeatureService service;

    /// Starts to serve.
    ///
    /// @param weights of an encoder, in any layout that jmoco knows, or `bundled`
    /// @param port    0 for any that is free
    public FeatureServer(Path weights, int port) throws IOException {
        service = new FeatureService(Device.current(), Encoder.read(weights), pipeline(weights), 16);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 128);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/features", this::features);
        server.start();
    }

    /// How images are prepared for an encoder: squares of 32 for a stem for small images, else of 224.
    static Pipeline pipeline(Path weights) {
        Stem stem = Encoder.read(weights).net().config().stem();
        boolean small = stem == Stem.CIFAR;
        return new Pipeline(
                List.of(new Resize(small ? 32 : 256), new CenterCrop(small ? 32 : 224)),
                EncoderPixels.of(weights, stem));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void features(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "send the bytes of an image with POST");
                return;
            }
            byte[] file = exchange.getRequestBody().readNBytes(LARGEST + 1);
            if (file.length > LARGEST) {
                answer(exchange, 413, "the file is larger than " + (LARGEST >> 20) + " MiB");
                return;
            }
            try {
                RgbImage image = ImageDecoder.STANDARD.decode(file, "the request's body");
                answer(exchange, 200, Arrays.toString(service.features(image)));
            } catch (DataException e) {
                answer(exchange, 400, e.getMessage());
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status == 200 ? "application/json" : "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        service.close();
    }

    /// @param args a file of weights, and a port if it is not to be 8080
    public static void main(String... args) throws Exception {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: FeatureServer WEIGHTS [PORT]");
            System.exit(2);
        }
        FeatureServer server = new FeatureServer(Path.of(args[0]), args.length > 1 ? Integer.parseInt(args[1]) : 8080);
        System.out.println("http://127.0.0.1:" + server.port() + "/features");
    }
}
