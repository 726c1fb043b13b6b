package dev.candor.inference.node;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.VerifiedModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The account of the memory for keys and values that a node's chat models share. What a model was promised is another's no more, whether it has been
 * touched or not, until the model is closed. A model that is opened gets an equal part of what is not promised, counted over all chat models the node
 * knows and has not open; of that it keeps what it can use. So each of them can be opened at any time, and the total is never exceeded. Thread-safe.
 */
final class KvLedger {
    /**
     * A model's part.
     *
     * @param bytes         at most
     * @param context       tokens of its longest sequence
     * @param wantedContext tokens that it would be with more memory
     */
    record Share(String model, long bytes, int context, int wantedContext) {
        /** Whether the memory and not its operator or its model bounds the context. */
        boolean cut() {
            return context < wantedContext;
        }
    }

    private final long total;
    private final Set<String> known;
    private final Map<String, Promise> promises = new LinkedHashMap<>();

    /**
     * @param total      bytes; 0 if there is no bound
     * @param chatModels full names of those that will ever be opened
     */
    KvLedger(long total, Collection<String> chatModels) {
        this.total = total;
        this.known = new TreeSet<>(chatModels);
    }

    /**
     * An account for models of which none is loaded yet.
     *
     * @param configured bytes that the operator says; 0 to go by the machine
     */
    static KvLedger of(KvSizing sizing, long configured, List<VerifiedModel> models) {
        List<String> chat = models.stream()
                .filter(model -> model.serving() instanceof ModelConfig)
                .map(model -> model.manifest().name())
                .toList();
        long weights = models.stream().mapToLong(model -> model.manifest().totalSize()).sum();
        return new KvLedger(chat.isEmpty() ? 0 : sizing.total(configured, weights, chat.size()), chat);
    }

    /** What a model may take until it gives it back. */
    final class Promise implements AutoCloseable {
        private final String model;
        private Share share;

        private Promise(String model, long bytes) {
            this.model = model;
            this.share = new Share(model, bytes, 0, 0);
        }

        /** Bytes; 0 if there is no bound. */
        long bytes() {
            synchronized (KvLedger.this) {
                return share.bytes();
            }
        }

        /**
         * Gives back what the model cannot use.
         *
         * @param bytes what it keeps
         * @throws IllegalStateException if that is more than it was promised
         */
        void keep(long bytes, int context, int wantedContext) {
            synchronized (KvLedger.this) {
                if (total > 0 && bytes > share.bytes()) {
                    throw new IllegalStateException(model + " was promised " + share.bytes() + " bytes and takes " + bytes);
                }
                share = new Share(model, bytes, context, wantedContext);
            }
        }

        /** The model's memory is free again; closing twice is harmless. */
        @Override
        public void close() {
            synchronized (KvLedger.this) {
                promises.remove(model, this);
            }
        }
    }

    /**
     * Promises a model its part.
     *
     * @throws IllegalStateException if it has one
     */
    synchronized Promise promise(String model) {
        if (promises.containsKey(model)) {
            throw new IllegalStateException(model + " has memory for keys and values already");
        }
        long others = known.stream().filter(name -> !name.equals(model) && !promises.containsKey(name)).count();
        Promise promise = new Promise(model, total == 0 ? 0 : Math.max(1, (total - promised()) / (1 + others)));
        promises.put(model, promise);
        return promise;
    }

    /** Bytes of all models together at most; 0 if there is no bound. */
    long total() {
        return total;
    }

    /** Bytes that are promised now. */
    synchronized long promised() {
        return promises.values().stream().mapToLong(promise -> promise.share.bytes()).sum();
    }

    /** The parts of the models that are open or being opened, in the order in which they came. */
    synchronized List<Share> shares() {
        return promises.values().stream().map(promise -> promise.share).toList();
    }

    synchronized Optional<Share> share(String model) {
        return Optional.ofNullable(promises.get(model)).map(promise -> promise.share);
    }
}
