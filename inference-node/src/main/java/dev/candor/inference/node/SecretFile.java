package dev.candor.inference.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.function.Supplier;

/** A secret in hexadecimal digits in a file of mode 0600, made at the first start. */
record SecretFile(Path file) {
    /** What the file says, white space around it left out. @param make draws the secret's bytes where there is no file */
    String read(Supplier<byte[]> make) throws IOException {
        if (!Files.exists(file)) {
            create(make.get());
        }
        return Files.readString(file).strip();
    }

    /** Written aside and moved, so that a kill never leaves half a secret. */
    private void create(byte[] secret) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        ByteBuffer text = ByteBuffer.wrap((HexFormat.of().formatHex(secret) + "\n").getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
