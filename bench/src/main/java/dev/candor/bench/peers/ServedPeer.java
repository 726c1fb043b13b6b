package dev.candor.bench.peers;

import java.util.Optional;
import java.util.OptionalLong;

/** A peer in a process of its own. */
record ServedPeer(PeerProcess process, Optional<ChatServer> chat, Optional<EmbeddingServer> embeddings) implements Running {
    @Override
    public OptionalLong residentBytes() {
        return process.residentBytes();
    }

    @Override
    public void close() {
        process.close();
    }
}
