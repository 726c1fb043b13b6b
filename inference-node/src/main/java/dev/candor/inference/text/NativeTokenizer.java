package dev.candor.inference.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * Hugging Face's library's own tokenizer, which it frees at once when it is closed: here not before those at work with it have left, because
 * native memory that is freed under a reader ends the process. Thread-safe.
 */
final class NativeTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    NativeTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** @throws IllegalStateException once it is closed */
    <T> T use(Function<HuggingFaceTokenizer, T> work) {
        lock.readLock().lock();
        try {
            return work.apply(tokenizer);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for those at work. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            tokenizer.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
