package dev.candor.bench.peers;

import java.nio.file.Path;
import java.util.Optional;

/** Something that is measured: one of the others, or one form of ours. */
interface Peer {
    Profile profile();

    default String name() {
        return profile().name();
    }

    default boolean ours() {
        return profile().ours();
    }

    default boolean chats() {
        return profile().chats();
    }

    default boolean embeds() {
        return !chats();
    }

    /** @throws PeerException with the reason why it cannot be measured here */
    void install() throws PeerException;

    Running start() throws PeerException;

    /**
     * Writes the logits of each token of some windows, float32 and little-endian, one row a token.
     *
     * @param windows a JSON file: a list of lists of token ids
     * @return false if the peer does not tell its logits
     */
    default boolean logits(Path windows, Path out) throws PeerException {
        return false;
    }

    /** Bytes of the weights it loads. */
    Optional<Long> weightBytes();
}
