package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogKeyTest {
    @TempDir
    private Path folder;

    @Test
    void aSeedGivesThePublicKeyOfRfc8032() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

        assertThat(LogKey.of(seed).verifierKey().publicKeyHex())
                .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    @Test
    void theNodeIsNamedByTheHashOfThePublicKey() {
        LogKey key = LogSamples.key(4);
        String hash = Digest.sha256(key.verifierKey().publicKey()).hex();

        assertThat(key.nodeId()).isEqualTo("candor-" + hash.substring(0, 16));
        assertThat(key.origin()).isEqualTo("candor.node/" + key.nodeId());
    }

    @Test
    void manyKeysAreMadeWithMatchingHalves() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            LogKey key = LogSamples.key(seed);
            SignedCheckpoint signed = key.sign(new Checkpoint(key.origin(), seed, MerkleHash.emptyRoot()));
            assertThat(SignedCheckpoint.open(signed.text(), key.verifierKey())).isEqualTo(signed);
        }
    }

    @Test
    void aKeyFileIsMadeOnceAndReadableByItsOwnerAlone() throws Exception {
        Path file = folder.resolve("log.key");

        LogKey made = LogKey.loadOrCreate(file, new SecureRandom());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(LogKey.loadOrCreate(file, new SecureRandom()).origin()).isEqualTo(made.origin());
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aKeyThatOthersMayReadIsRefusedWithTheCommandThatHelps() throws Exception {
        Path file = folder.resolve("log.key");
        LogKey.loadOrCreate(file, new SecureRandom());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> LogKey.load(file)).isInstanceOf(IOException.class).hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void aDamagedKeyFileIsNotReplaced() throws Exception {
        Path file = folder.resolve("log.key");
        LogKey.loadOrCreate(file, new SecureRandom());
        Files.writeString(file, "abc");

        assertThatThrownBy(() -> LogKey.loadOrCreate(file, new SecureRandom())).hasMessageContaining("64 lower-case");
        Files.writeString(file, "a".repeat(1000));
        assertThatThrownBy(() -> LogKey.load(file)).hasMessageContaining("1000 bytes");
        assertThatThrownBy(() -> LogKey.load(folder.resolve("absent"))).hasMessageContaining("missing");
    }

    @Test
    void theSeedIsNeitherPrintedNorOfAnotherLength() {
        assertThat(LogSamples.key(9).toString()).doesNotContain("0909");
        assertThatThrownBy(() -> LogKey.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
