package dev.candor.bench.peers;

/**
 * How a peer shows itself.
 *
 * @param name        a word for {@code --only} and the table, such as {@code llama} or {@code candor-q8}
 * @param description what exactly it is: program, version, form
 * @param ours        whether it is a form of ours
 * @param chats       whether it is measured in chats; otherwise in embeddings
 */
record Profile(String name, String description, boolean ours, boolean chats) {
    static Profile otherChat(String name, String description) {
        return new Profile(name, description, false, true);
    }

    static Profile otherEmbeddings(String name, String description) {
        return new Profile(name, description, false, false);
    }
}
