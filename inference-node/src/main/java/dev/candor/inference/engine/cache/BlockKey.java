package dev.candor.inference.engine.cache;

import java.nio.ByteBuffer;

/** SHA-256 of a block of tokens and all that decides the keys and values computed for it. */
record BlockKey(long first, long second, long third, long fourth) {
    static BlockKey of(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256);
        return new BlockKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    void writeTo(ByteBuffer out) {
        out.putLong(first).putLong(second).putLong(third).putLong(fourth);
    }
}
