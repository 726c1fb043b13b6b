package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.config.SpinChoice;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.engine.ort.device.DevicePreference;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.http.LoadedModel;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of models that this version has converted, and of those that another has. */
class ModelOpenerTest {
    private static final long BLOCK = 32 << 10;

    @TempDir
    private Path folder;

    private ConversionAge age;
    private VerifiedModel model;

    @BeforeEach
    void convert() throws IOException {
        age = new ConversionAge(ModelCatalog.bundled());
        model = ToyModels.write(folder.resolve("toy"));
    }

    @Test
    void aModelHoldsItsPromiseUntilItIsClosed() throws Exception {
        KvLedger ledger = new KvLedger(16 * BLOCK, List.of("candor/toy@1", "local/other@1"));

        LoadedModel opened = opener(ledger).open(model);

        assertThat(ledger.shares()).containsExactly(new KvLedger.Share("candor/toy@1", 8 * BLOCK, 256, 512));
        assertThat(opened.engine().stats().kv().limit()).isEqualTo(8 * BLOCK);
        assertThat(age.differs(model)).isFalse();
        opened.close();
        assertThat(ledger.promised()).isZero();
    }

    @Test
    void aGraphOfAnotherShapeThanThisVersionsNamesTheCommandAndTakesNoMemory() {
        ModelConfig config = model.config();
        VerifiedModel older = new VerifiedModel(model.folder(), model.manifest(), new ModelConfig(
                config.graph(), config.tokenizer(), config.chatTemplate(), config.form(), 3, config.heads(), config.kvHeads(), config.headSize(),
                config.hiddenSize(), config.vocabSize(), config.contextLength(), config.bosToken(), config.eosTokens()));
        KvLedger ledger = new KvLedger(16 * BLOCK, List.of("candor/toy@1"));

        assertThatThrownBy(() -> opener(ledger).open(older))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the graph's inputs are not those of a decoder with 3 layers")
                .hasMessageContaining("candor models import PATH --form q8 --name candor/toy@1 --replace");
        assertThat(ledger.promised()).isZero();
    }

    @Test
    void aConversionOfAnotherVersionIsToldApartByItsManifestAlone() throws Exception {
        ModelManifest now = model.manifest();
        VerifiedModel older = rewritten(new ModelManifest(now.name(), now.form(), now.licence(), now.files(), now.digest()));

        assertThat(older.manifest().digest()).isEqualTo(now.digest());
        assertThat(age.differs(older)).isTrue();
        assertThat(age.notice(older)).contains("candor/toy@1:q8", "another version of Candor", "candor models import PATH --form q8 --name candor/toy@1 --replace");
    }

    @Test
    void aModelOfTheCatalogIsMadeAnewByItsName() throws Exception {
        ModelManifest now = model.manifest();
        String name = "huggingfacetb/smollm2-135m-instruct@1";
        VerifiedModel demo = rewritten(new ModelManifest(name, now.form(), now.licence(), now.files(), now.digest()));

        assertThat(age.notice(demo)).endsWith("candor models import " + name + " --form q8 --replace");
        assertThat(age.remedy(demo)).isEqualTo("delete the folder to have it made anew");
    }

    private VerifiedModel rewritten(ModelManifest manifest) throws IOException {
        Files.write(model.folder().resolve(ModelManifest.FILE_NAME), new ManifestWriter().write(manifest));
        return new ManifestVerifier().verify(model.folder());
    }

    private ModelOpener opener(KvLedger ledger) {
        NodeConfig config = new NodeConfig(
                new CandorHome(folder.resolve("home")),
                Models.natives().toAbsolutePath().getParent(),
                new Listen("127.0.0.1", 0, Optional.empty(), false),
                List.of("candor/toy@1"),
                new Hardware(1, DevicePreference.CPU, SpinChoice.OFF),
                new Payments(true, Optional.empty(), 31337, false, Optional.empty(), BigInteger.TEN.pow(20)),
                new Limits(1 << 20, 1 << 20, 8, 2, 0, 0, 1 << 20, 1L << 34));
        DecoderRunners decoders = new DecoderRunners(DevicePreference.CPU, CudaProbe.system(NativeSet.onClassPath(), Map.of()));
        return new ModelOpener(config, Clock.systemUTC(), decoders, ledger, age);
    }
}
