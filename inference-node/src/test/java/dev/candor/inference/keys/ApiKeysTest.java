package dev.candor.inference.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path home;

    private final SecureRandom random = new SecureRandom();
    private ApiKeyFile file;

    @BeforeEach
    void nameTheFile() {
        file = new ApiKeyFile(home.resolve("api-keys"));
    }

    @Test
    void findsTheKeyThatWasGivenOutAndNoOther() throws Exception {
        ApiSecret anna = add("anna");
        ApiSecret bob = add("bob");
        ApiKeys keys = ApiKeys.open(file);

        assertThat(keys.find(anna)).map(ApiKey::name).contains("anna");
        assertThat(keys.find(bob)).map(ApiKey::name).contains("bob");
        assertThat(keys.find(ApiSecret.draw(random))).isEmpty();
        assertThat(keys.find(new ApiSecret(anna.text() + "x"))).isEmpty();
        assertThat(keys.find(new ApiSecret(""))).isEmpty();
    }

    @Test
    void takesChangesUpWhileItRuns() throws Exception {
        ApiKeys keys = ApiKeys.open(file);
        assertThat(keys.all()).isEmpty();
        ApiSecret anna = add("anna");
        assertThat(keys.find(anna)).isPresent();
        ApiSecret bob = add("bob");
        file.change(all -> all.removeIf(key -> key.name().equals("anna")));

        assertThat(keys.find(anna)).isEmpty();
        assertThat(keys.find(bob)).isPresent();
        Files.delete(file.path());
        assertThat(keys.find(bob)).isEmpty();
    }

    @Test
    void keepsItsKeysWhileTheFileIsDamaged() throws Exception {
        ApiSecret anna = add("anna");
        ApiKeys keys = ApiKeys.open(file);
        byte[] good = Files.readAllBytes(file.path());
        Files.writeString(file.path(), "{\"keys\":[{\"name\"");
        assertThat(keys.find(anna)).isPresent();

        Files.write(file.path(), good);
        Files.setLastModifiedTime(file.path(), FileTime.from(NOW));
        file.change(all -> all.clear());
        assertThat(keys.find(anna)).isEmpty();
    }

    @Test
    void theFileHasNoKeyInItAndIsItsOwnersAlone() throws Exception {
        ApiSecret anna = add("anna");

        String text = Files.readString(file.path());
        assertThat(text).contains("anna", anna.digest().hex()).doesNotContain(anna.text(), anna.text().substring(ApiSecret.PREFIX.length(), 20));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path()))).isEqualTo("rw-------");
        assertThat(anna.text()).matches("sk-candor-[A-Za-z0-9_-]{43}");
        assertThat(anna.toString()).doesNotContain(anna.text());
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        ApiKey full = new ApiKey("a.b_c-1", ApiSecret.draw(random).digest(), NOW, Optional.of(NOW.plusSeconds(1)), OptionalInt.of(0), OptionalInt.of(7));
        ApiKey bare = new ApiKey("bare", ApiSecret.draw(random).digest(), NOW, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
        file.change(all -> all.addAll(List.of(full, bare)));

        assertThat(file.read()).containsExactly(full, bare);
        assertThat(full.expired(NOW)).isFalse();
        assertThat(full.expired(NOW.plusSeconds(1))).isTrue();
        assertThat(bare.expired(Instant.MAX)).isFalse();
    }

    @Test
    void boundsHowManyThereAre() throws Exception {
        List<ApiKey> most = IntStream.range(0, KeyFileCodec.MOST).mapToObj(i -> key("key" + i, ApiSecret.draw(random))).toList();
        file.change(all -> all.addAll(most));

        assertThatThrownBy(() -> add("more")).isInstanceOf(KeyFileException.class).hasMessageContaining("1000 keys");
        assertThat(file.read()).hasSize(KeyFileCodec.MOST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x | not JSON",
        "[] | 'keys' must be a list",
        "{\"keys\":{}} | 'keys' must be a list",
        "{\"keys\":[1]} | keys[0] must be an object",
        "{\"keys\":[{\"name\":\"a\"}]} | 'sha256' must be text",
        "{\"keys\":[{\"name\":\"a b\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-21T12:00:00Z\"}]} | letters",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"12\",\"created\":\"2026-11-21T12:00:00Z\"}]} | SHA-256",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"yesterday\"}]} | yesterday",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-21T12:00:00Z\",\"tokens_per_minute\":-1}]} | negative",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-21T12:00:00Z\",\"requests_per_minute\":1.5}]} | whole number",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-21T12:00:00Z\",\"scope\":1}]} | not known: scope",
        "{\"keys\":[ONE,ONE]} | twice",
    })
    void saysWhatIsWrongWithADamagedFile(String text, String told) throws Exception {
        String one = "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-21T12:00:00Z\"}";
        Files.writeString(file.path(), text.replace("ONE", one).replace("DIGEST", "ab".repeat(32)));

        assertThatThrownBy(() -> ApiKeys.open(file)).isInstanceOf(KeyFileException.class)
                .hasMessageContaining(told).hasMessageContaining(file.path().toString()).hasMessageContaining("move it away");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a/b", "a\n"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> key(name, ApiSecret.draw(random))).hasMessageContaining("a key's name");
    }

    private ApiSecret add(String name) throws Exception {
        ApiSecret secret = ApiSecret.draw(random);
        file.change(all -> all.add(key(name, secret)));
        return secret;
    }

    private static ApiKey key(String name, ApiSecret secret) {
        return new ApiKey(name, secret.digest(), NOW, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    }
}
