package dev.candor.hub.store;

import dev.candor.hub.catalog.SourceFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Fetches a file from its publisher's address. */
final class UrlFetcher {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(150);

    private final Duration stallLimit;

    /** @param stallLimit how long no byte may arrive */
    UrlFetcher(Duration stallLimit) {
        this.stallLimit = stallLimit;
    }

    /** Fetches {@code file} into {@code work} and gives its path; its digest is not checked yet. */
    Path fetch(URI url, SourceFile file, Path work, ProgressListener progress) throws IOException {
        Path target = work.resolve(file.name());
        AtomicLong received = new AtomicLong();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            CompletableFuture<HttpResponse<Path>> answer =
                    client.sendAsync(HttpRequest.newBuilder(url).build(), info -> body(info, target, file, received));
            try {
                return await(answer, url, file, received, progress);
            } finally {
                answer.cancel(true);
                client.shutdownNow();
            }
        }
    }

    private static HttpResponse.BodySubscriber<Path> body(HttpResponse.ResponseInfo info, Path target, SourceFile file, AtomicLong received) {
        try {
            return info.statusCode() == 200
                    ? new BoundedDownload(target, file.size(), received)
                    : HttpResponse.BodySubscribers.replacing(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path await(
            CompletableFuture<HttpResponse<Path>> answer, URI url, SourceFile file, AtomicLong received, ProgressListener progress)
            throws IOException {
        long seen = -1;
        long lastGrowth = System.nanoTime();
        while (true) {
            try {
                HttpResponse<Path> response = answer.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (response.statusCode() != 200) {
                    throw new FetchException(url.getHost() + " answered with status " + response.statusCode());
                }
                progress.progress(ProgressListener.Step.FETCH, url.getHost(), received.get(), file.size());
                return response.body();
            } catch (TimeoutException _) {
                long now = received.get();
                if (now != seen) {
                    seen = now;
                    lastGrowth = System.nanoTime();
                    progress.progress(ProgressListener.Step.FETCH, url.getHost(), now, file.size());
                } else if (System.nanoTime() - lastGrowth > stallLimit.toNanos()) {
                    throw new FetchException("nothing arrived for " + stallLimit.toSeconds() + " s; check the network connection and try again");
                }
            } catch (ExecutionException e) {
                throw failure(url, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while fetching " + url);
            }
        }
    }

    private static IOException failure(URI url, Throwable cause) {
        if (cause instanceof FetchException fetch) {
            return fetch;
        }
        return new FetchException("cannot fetch from " + url.getHost() + " (" + cause + "); check the network connection", cause);
    }
}
