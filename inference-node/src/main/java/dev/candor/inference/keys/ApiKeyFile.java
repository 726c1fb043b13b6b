package dev.candor.inference.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of all keys of a home, mode 0600. It is replaced whole, never written into, so that a node that reads it sees the old keys or the new ones.
 *
 * @param path need not exist; there are no keys then
 */
public record ApiKeyFile(Path path) {
    /** A change of the keys. */
    @FunctionalInterface
    public interface Change {
        /** @throws KeyFileException if it makes no sense */
        void apply(List<ApiKey> keys) throws KeyFileException;
    }

    /**
     * The keys, in the order in which they were added.
     *
     * @throws KeyFileException if the file is damaged
     */
    public List<ApiKey> read() throws IOException, KeyFileException {
        if (!Files.exists(path)) {
            return List.of();
        }
        if (Files.size(path) > KeyFileCodec.MAX_BYTES) {
            throw damaged("it is larger than " + KeyFileCodec.MAX_BYTES + " bytes");
        }
        try {
            return List.copyOf(new KeyFileCodec().read(Files.readAllBytes(path)));
        } catch (KeyFileException e) {
            throw damaged(e.getMessage());
        }
    }

    private KeyFileException damaged(String why) {
        return new KeyFileException("the key file " + path + " is damaged: " + why + "; move it away and give the keys out anew");
    }

    /** Changes the keys; who changes them at the same time waits. */
    public void change(Change change) throws IOException, KeyFileException {
        Path beside = path.resolveSibling(path.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            List<ApiKey> keys = new ArrayList<>(read());
            change.apply(keys);
            if (keys.size() > KeyFileCodec.MOST) {
                throw new KeyFileException("a node can have " + KeyFileCodec.MOST + " keys: remove some");
            }
            replace(new KeyFileCodec().write(keys));
        }
    }

    private void replace(byte[] bytes) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
