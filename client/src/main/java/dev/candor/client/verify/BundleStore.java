package dev.candor.client.verify;

import dev.candor.attestation.receipt.ReceiptId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The receipts a client got, one file each, in a folder only its owner can read. Thread-safe. */
public final class BundleStore implements ReceiptStore {
    private static final String SUFFIX = ".candor.json";

    private final Path folder;
    private final BundleCodec codec;

    public BundleStore(Path folder, BundleCodec codec) {
        this.folder = folder;
        this.codec = codec;
    }

    /** Where the receipt {@code id} is or would be. */
    public Path path(ReceiptId id) {
        return folder.resolve(id.value() + SUFFIX);
    }

    /** Writes the bundle whole or not at all, in place of an earlier one. */
    @Override
    public void save(ReceiptBundle bundle) throws BundleException {
        try {
            createFolder();
            Path temporary = Files.createTempFile(folder, bundle.id().value(), ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(codec.write(bundle));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(temporary, path(bundle.id()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new BundleException("cannot save the receipt under " + folder + ": " + e.getMessage()
                    + "; free space or make the folder writable", e);
        }
    }

    /** The bundle of {@code id}, if it was saved here. */
    @Override
    public Optional<ReceiptBundle> load(ReceiptId id) throws BundleException {
        Path file = path(id);
        return Files.isRegularFile(file) ? Optional.of(load(file)) : Optional.empty();
    }

    /** The bundle in {@code file}. */
    public ReceiptBundle load(Path file) throws BundleException {
        try {
            if (Files.size(file) > BundleCodec.MAX_BYTES) {
                throw new BundleException(file + " is too long to be a saved receipt");
            }
            return codec.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BundleException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void createFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
