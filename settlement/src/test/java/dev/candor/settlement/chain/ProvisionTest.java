package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ProvisionTest {
    @TempDir
    Path folder;

    private AnvilPackage anvil(String npm) {
        return new AnvilPackage(folder.resolve("cache"), "linux-amd64", new NpmFetcher(npm, ProvisionListener.SILENT));
    }

    /** An npm that does as {@code script} says; {@code $dest} is where the archive is to go. */
    private String npm(String script) throws IOException {
        Path file = folder.resolve("npm.sh");
        Files.writeString(file, "#!/bin/sh\nwhile [ $# -gt 0 ]; do [ \"$1\" = --pack-destination ] && dest=$2; shift; done\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file.toString();
    }

    private void fails(String npm, String... says) {
        var failure = assertThatThrownBy(() -> anvil(npm).provision()).isInstanceOf(ChainSetupException.class);
        for (String text : says) {
            failure.hasMessageContaining(text);
        }
        failure.hasMessageNotContaining("\n");
        assertThat(leftovers()).as("nothing is left behind").isEmpty();
    }

    private List<Path> leftovers() {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMachineWithoutNpmIsToldToInstallIt() {
        fails(folder.resolve("no-such-npm").toString(), "npm was not found", "install Node.js");
    }

    @ParameterizedTest
    @CsvSource({
        "npm error code E404, does not have @foundry-rs/anvil-linux-amd64@1.7.1",
        "npm error code ECONNREFUSED, cannot reach its registry",
        "npm error code ENOSPC, no disk space",
        "npm error something new, something new"
    })
    void whatNpmComplainsOfIsExplained(String output, String says) throws IOException {
        fails(npm("echo '" + output + "'; exit 1\n"), says);
    }

    @Test
    void anArchiveWithAnotherDigestIsNotUsed() throws IOException {
        fails(npm("echo evil > $dest/foundry-rs-anvil-linux-amd64-1.7.1.tgz\n"), "not the expected one", "SHA-256");
    }

    @Test
    void anNpmThatDeliversNothingIsNoticed() throws IOException {
        fails(npm("exit 0\n"), "did not deliver");
    }

    @Test
    void aPlatformThatIsNotPinnedMayBringItsOwn() throws Exception {
        AnvilPackage other = new AnvilPackage(
                folder.resolve("cache"), AnvilPackage.platform("Mac OS X", "aarch64"), new NpmFetcher("npm", ProvisionListener.SILENT));
        assertThatThrownBy(other::provision)
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("darwin-arm64")
                .hasMessageContaining("put an anvil 1.7.1");
        Path own = folder.resolve("cache/packages/anvil-1.7.1/anvil");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "own");
        assertThat(own.toFile().setExecutable(true)).isTrue();
        assertThat(other.provision()).isEqualTo(own);
    }

    @Test
    void progressEndsAtTheWhole() throws Exception {
        List<Long> steps = new ArrayList<>();
        List<String> told = new ArrayList<>();
        Path archive = folder.resolve("x.tgz");
        byte[] bytes = "an archive".getBytes();
        Files.write(archive, bytes);
        NpmPackage wanted = new NpmPackage(
                "x", "1", Digest.sha256(bytes), bytes.length, "a test");
        new NpmFetcher(npm("sleep 1; cp " + archive + " $dest/x-1.tgz\n"), (what, done, total) -> {
                    told.add(what);
                    steps.add(done);
                })
                .fetch(wanted, Files.createDirectories(folder.resolve("packages")));
        assertThat(steps).hasSizeGreaterThan(1).isSorted().endsWith((long) bytes.length);
        assertThat(told).containsOnly("fetching a test, x@1");
    }

    @Test
    void twoProcessesFetchItOnceWithoutHarm() throws Exception {
        Path cache = folder.resolve("cache");
        List<Process> both = List.of(
                ChildJvm.start(ProvisionMain.class, folder.resolve("a.log"), cache.toString()),
                ChildJvm.start(ProvisionMain.class, folder.resolve("b.log"), cache.toString()));
        for (Process process : both) {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(folder.resolve("a.log"))).isZero();
        }
        Path binary = cache.resolve("packages/anvil-1.7.1/anvil");
        assertThat(binary).isExecutable();
        assertThat(new AnvilPackage(cache, ProvisionListener.SILENT).provision()).isEqualTo(binary);
    }
}
