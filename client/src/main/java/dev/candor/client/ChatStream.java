package dev.candor.client;

import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatDelta;
import dev.candor.client.error.CallCancelledException;
import dev.candor.client.error.CandorException;
import dev.candor.client.sdk.CallControl;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An answer while it comes. Its parts are not verified; its end is: iterating ends by an exception where the answer does not verify, and by
 * {@link #answer} the answer that did is had. A slow reader slows the node and nothing piles up. To be closed; closing early cancels.
 *
 * {@snippet file="dev/candor/client/examples/StreamExample.java" region="stream"}
 */
public final class ChatStream implements Iterable<ChatDelta>, AutoCloseable {
    private static final int AHEAD = 256;
    private static final long OFFER_MILLIS = 100;

    private final BlockingQueue<Optional<ChatDelta>> parts = new ArrayBlockingQueue<>(AHEAD);
    private final CompletableFuture<ChatAnswer> result = new CompletableFuture<>();
    private final CallControl control;
    private boolean taken;

    private ChatStream(CallControl control) {
        this.control = control;
    }

    static ChatStream start(CallControl control, Function<Consumer<ChatDelta>, ChatAnswer> call) {
        ChatStream stream = new ChatStream(control);
        Thread.ofVirtual().name("candor-stream").start(() -> stream.run(call));
        return stream;
    }

    private void run(Function<Consumer<ChatDelta>, ChatAnswer> call) {
        try (control) {
            result.complete(call.apply(part -> put(Optional.of(part))));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        } finally {
            put(Optional.empty());
        }
    }

    private void put(Optional<ChatDelta> part) {
        try {
            while (!parts.offer(part, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
                if (control.ended()) {
                    parts.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The parts as they come. The iteration ends by a {@link CandorException} where the answer does not verify or anything else goes wrong.
     *
     * @throws IllegalStateException if they were asked for before: they come once
     */
    @Override
    public Iterator<ChatDelta> iterator() {
        synchronized (this) {
            if (taken) {
                throw new IllegalStateException("the parts of a stream come once");
            }
            taken = true;
        }
        return new Parts();
    }

    /** The first choice's text in pieces; as {@link #iterator}. */
    public Stream<String> text() {
        return StreamSupport.stream(spliterator(), false).filter(part -> part.choice() == 0).map(ChatDelta::text).filter(text -> !text.isEmpty());
    }

    /**
     * The whole answer, once it is there and verified; parts not taken are passed over.
     *
     * @throws CandorException if there is none that may be used
     */
    public ChatAnswer answer() {
        boolean mine;
        synchronized (this) {
            mine = !taken;
            taken = true;
        }
        if (mine) {
            new Parts().forEachRemaining(part -> {});
        }
        return joined();
    }

    private ChatAnswer joined() {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Cancels what is still to come. */
    @Override
    public void close() {
        control.cancel();
    }

    private final class Parts implements Iterator<ChatDelta> {
        private Optional<ChatDelta> next = Optional.empty();
        private boolean over;

        @Override
        public boolean hasNext() {
            if (next.isEmpty() && !over) {
                next = take();
                over = next.isEmpty();
                if (over) {
                    joined();
                }
            }
            return next.isPresent();
        }

        private Optional<ChatDelta> take() {
            try {
                return parts.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                control.cancel();
                throw new CallCancelledException("the thread was interrupted while it waited for the answer's next part", e);
            }
        }

        @Override
        public ChatDelta next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the answer has no further part");
            }
            ChatDelta part = next.orElseThrow();
            next = Optional.empty();
            return part;
        }
    }
}
