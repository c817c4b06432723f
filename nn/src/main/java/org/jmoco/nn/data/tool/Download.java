package org.jmoco.nn.data.tool;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Downloads files over HTTP. What stalls or grows beyond its known length is given up.
///
/// @param connect how long to wait for the server   @param stall how long to wait without a byte coming in
record Download(Duration connect, Duration stall) {
    static final Download STANDARD = new Download(Duration.ofSeconds(15), Duration.ofSeconds(60));

    private static final long POLL_MILLIS = 200;

    /// Downloads to a file.
    ///
    /// @param bytes the known length
    /// @throws IOException in one line
    void to(Path file, URI from, long bytes, Consumer<String> progress) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(connect)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(from).timeout(stall).build();
            CompletableFuture<HttpResponse<Path>> response = client.sendAsync(request, BodyHandlers.ofFile(file));
            try {
                int status = watched(response, file, from, bytes, progress).statusCode();
                if (status != 200) {
                    throw new IOException(from + " answers with status " + status);
                }
            } finally {
                response.cancel(true);
                client.shutdownNow();
            }
        }
        if (Files.size(file) != bytes) {
            throw new IOException(from + " has " + Files.size(file) + " bytes instead of " + bytes);
        }
    }

    private HttpResponse<Path> watched(
            CompletableFuture<HttpResponse<Path>> response, Path file, URI from, long bytes, Consumer<String> progress)
            throws IOException {
        long got = 0;
        long since = System.nanoTime();
        while (true) {
            try {
                return response.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = Files.exists(file) ? Files.size(file) : 0;
                if (now > got) {
                    got = now;
                    since = System.nanoTime();
                    progress.accept(String.format(Locale.ROOT, "%s: %.1f of %.1f MB", from, got / 1e6, bytes / 1e6));
                }
                if (got > bytes) {
                    throw new IOException(from + " sends more than the " + bytes + " bytes it should", e);
                }
                if (System.nanoTime() - since > stall.toNanos()) {
                    throw new IOException(from + " sends nothing any more", e);
                }
            } catch (ExecutionException e) {
                throw new IOException(from + " cannot be reached (" + reason(e.getCause()) + ")", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() != null
                ? cause.getMessage()
                : cause instanceof java.net.ConnectException
                        ? "no connection"
                        : cause.getClass().getSimpleName();
    }
}
