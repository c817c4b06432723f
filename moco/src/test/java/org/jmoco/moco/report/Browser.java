package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A Chromium without a window, driven by W3C's WebDriver protocol through the JDK's own HTTP client.
final class Browser implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String STARTED = "started successfully on port ";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final int port;
    private final String session;

    private Browser(Process driver, int port, String session) {
        this.driver = driver;
        this.port = port;
        this.session = session;
    }

    /// Why there is none; empty if it can be opened.
    static Optional<String> missing() {
        return program("chromium", "chromium-browser", "google-chrome").isEmpty()
                ? Optional.of("no Chromium on the PATH")
                : program("chromedriver").isEmpty() ? Optional.of("no chromedriver on the PATH") : Optional.empty();
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(dir -> Stream.of(names).map(name -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param folder for the profile and the driver's log
    static Browser open(Path folder) throws IOException, InterruptedException {
        Process driver = new ProcessBuilder(
                        program("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectError(folder.resolve("chromedriver.log").toFile())
                .start();
        try {
            int port = port(driver);
            Map<String, Object> options = Map.of(
                    "binary",
                    program("chromium", "chromium-browser", "google-chrome")
                            .orElseThrow()
                            .toString(),
                    "args",
                    List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--hide-scrollbars",
                            "--user-data-dir=" + folder.resolve("profile")));
            Map<String, Object> wanted = Map.of(
                    "capabilities",
                    Map.of(
                            "alwaysMatch",
                            Map.of("goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"))));
            Browser none = new Browser(driver, port, "");
            String answer = none.send("POST", "/session", wanted);
            return new Browser(driver, port, answer.replaceFirst("(?s).*\"sessionId\":\"([^\"]+)\".*", "$1"));
        } catch (IOException | RuntimeException | AssertionError e) {
            driver.destroy();
            throw e;
        }
    }

    private static int port(Process driver) throws IOException {
        BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int at = line.indexOf(STARTED);
            if (at >= 0) {
                return Integer.parseInt(line.substring(at + STARTED.length()).replaceAll("\\D", ""));
            }
        }
        throw new IOException("chromedriver did not start");
    }

    /// Shows a page in a window of some width.
    void show(Path page, int width, boolean dark) throws IOException, InterruptedException {
        protocol(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        protocol(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        send("POST", "/session/" + session + "/url", Map.of("url", page.toUri().toString()));
    }

    /// The text that a script returns.
    String run(String script) throws IOException, InterruptedException {
        return value(
                send("POST", "/session/" + session + "/execute/sync", Map.of("script", script, "args", List.of())));
    }

    /// What the page wrote to its console since the last call.
    String console() throws IOException, InterruptedException {
        return send("POST", "/session/" + session + "/se/log", Map.of("type", "browser"));
    }

    /// The whole page as a PNG file.
    byte[] picture() throws IOException, InterruptedException {
        String answer = protocol("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        return Base64.getDecoder().decode(answer.replaceFirst("(?s).*\"data\":\\s*\"([^\"]+)\".*", "$1"));
    }

    private String protocol(String command, Map<String, Object> parameters) throws IOException, InterruptedException {
        return send("POST", "/session/" + session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private String send(String method, String path, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofMinutes(3))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json(body)))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        return answer.body();
    }

    private static String json(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json, tree);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((name, v) -> {
                    json.writeName(name.toString());
                    write(json, v);
                });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(v -> write(json, v));
                json.writeEndArray();
            }
            case Boolean b -> json.writeBoolean(b);
            case Integer i -> json.writeNumber(i);
            default -> json.writeString(value.toString());
        }
    }

    private static String value(String answer) {
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), answer)) {
            while (p.nextToken() != null) {
                if (p.currentToken() == JsonToken.PROPERTY_NAME
                        && p.currentName().equals("value")) {
                    p.nextToken();
                    return p.getValueAsString();
                }
            }
        }
        throw new AssertionError("no value in " + answer);
    }

    /// Ends the browser, then its driver.
    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(driver.descendants().toList());
        try {
            send("DELETE", "/session/" + session, Map.of());
        } finally {
            driver.destroy();
            assertTrue(driver.waitFor(30, TimeUnit.SECONDS), "chromedriver does not end");
            all.forEach(ProcessHandle::destroy);
        }
    }
}
