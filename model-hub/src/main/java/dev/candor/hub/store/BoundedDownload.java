package dev.candor.hub.store;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Writes an HTTP body to a file, never more than a given number of bytes. */
final class BoundedDownload implements HttpResponse.BodySubscriber<Path> {
    private final Path target;
    private final long limit;
    private final AtomicLong received;
    private final FileChannel channel;
    private final CompletableFuture<Path> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    /** @param received counts the bytes, for another thread to watch */
    BoundedDownload(Path target, long limit, AtomicLong received) throws IOException {
        this.target = target;
        this.limit = limit;
        this.received = received;
        this.channel = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    @Override
    public CompletionStage<Path> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                if (received.addAndGet(buffer.remaining()) > limit) {
                    throw new FetchException("the server sends more than the " + limit + " bytes of the catalog");
                }
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            onError(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        close();
        done.complete(target);
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }
}
