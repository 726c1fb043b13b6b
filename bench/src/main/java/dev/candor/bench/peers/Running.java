package dev.candor.bench.peers;

import java.util.Optional;
import java.util.OptionalLong;

/** A peer that serves. */
interface Running extends AutoCloseable {
    /** Where it chats, if it does. */
    Optional<ChatServer> chat();

    /** How it embeds, if it does. */
    Optional<EmbeddingServer> embeddings();

    /** Memory resident now, in bytes; empty where the system does not tell. */
    OptionalLong residentBytes();

    /** Memory of keys and values now, in bytes, as the peer itself tells; empty where it does not. */
    default OptionalLong stateBytes() {
        return OptionalLong.empty();
    }

    @Override
    void close();
}
