package dev.candor.inference.node;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.chain.ChainAccount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** An account's private key, 64 hexadecimal digits in a file of mode 0600, made at the first start. */
final class KeyFile {
    private final Path file;
    private final SecureRandom random;

    KeyFile(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    ChainAccount account() throws IOException, StartException {
        if (!Files.exists(file)) {
            create();
        }
        try {
            String text = Files.readString(file).strip();
            return ChainAccount.of(HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text));
        } catch (IllegalArgumentException e) {
            throw new StartException(file + " is not a private key of 64 hexadecimal digits; put the key back, or move the file away to get a new one", e);
        }
    }

    /** Written aside and moved, so that a kill never leaves half a key. */
    private void create() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] text = (HexFormat.of().formatHex(Secp256k1KeyPair.generate(random).secret()) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
