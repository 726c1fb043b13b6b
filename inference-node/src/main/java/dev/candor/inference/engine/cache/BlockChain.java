package dev.candor.inference.engine.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of one sequence's blocks of {@value #BLOCK} tokens. A block's key is the hash of the key before it and of its own tokens, and
 * the first of them begins with the model and the salt: so two blocks have one key only if the same model saw the same tokens up to their
 * ends, under the same salt. Not thread-safe.
 */
public final class BlockChain {
    /** Tokens of a block. */
    public static final int BLOCK = 64;

    private static final int KEY_BYTES = 32;

    private final MessageDigest sha256;
    private final List<BlockKey> keys = new ArrayList<>();
    private final BlockKey root;

    /**
     * @param model what decides keys and values beside the tokens
     * @param salt  only sequences of the same salt share blocks
     */
    public BlockChain(String model, String salt) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        byte[] name = model.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
        sha256.update(name);
        sha256.update(salt.getBytes(StandardCharsets.UTF_8));
        root = BlockKey.of(sha256.digest());
    }

    /** The key of a block that {@code tokens} hold wholly; they must be those of the earlier calls, and more. */
    BlockKey key(int[] tokens, int block) {
        while (keys.size() <= block) {
            keys.add(next(tokens, keys.size()));
        }
        return keys.get(block);
    }

    private BlockKey next(int[] tokens, int block) {
        ByteBuffer bytes = ByteBuffer.allocate(KEY_BYTES + BLOCK * Integer.BYTES);
        (block == 0 ? root : keys.get(block - 1)).writeTo(bytes);
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
            bytes.putInt(tokens[i]);
        }
        return BlockKey.of(sha256.digest(bytes.array()));
    }
}
