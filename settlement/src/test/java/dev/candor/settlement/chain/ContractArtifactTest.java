package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContractArtifactTest {
    private static final Path SOURCES = Path.of(System.getProperty("candor.root"), "settlement", "contracts", "src");

    @ParameterizedTest
    @EnumSource(ContractArtifact.class)
    void theCommittedCodeWasMadeFromTheCommittedSources(ContractArtifact artifact) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Path> sources;
        try (Stream<Path> files = Files.list(SOURCES)) {
            sources = files.filter(file -> file.toString().endsWith(".sol")).sorted().toList();
        }
        for (Path source : sources) {
            byte[] text = Files.readAllBytes(source);
            all.write((source.getFileName() + "\n" + text.length + "\n").getBytes(StandardCharsets.UTF_8));
            all.write(text);
        }
        assertThat(artifact.sourceHash())
                .as("a source changed: run 'npm ci && npm run build' in settlement/contracts and commit the artifacts")
                .isEqualTo(Digest.sha256(all.toByteArray()).hex());
        assertThat(artifact.creationCode().matches("0x6[01][0-9a-f]+")).isTrue();
        assertThat(artifact.runtimeCode().matches("0x6[01][0-9a-f]+")).isTrue();
    }

    @Test
    void theProxiesNeedNoConstructorSinceTheirRuntimeCodeIsPlaced() {
        String permit2 = ContractAddresses.PERMIT2.value().substring(2).replaceFirst("^0+", "");
        assertThat(ContractArtifact.UPTO_PROXY.runtimeCode().contains(permit2)).isTrue();
        assertThat(ContractArtifact.EXACT_PROXY.runtimeCode().contains(permit2)).isTrue();
    }
}
