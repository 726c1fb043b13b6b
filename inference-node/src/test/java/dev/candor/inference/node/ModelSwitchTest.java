package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.http.LoadedModel;
import dev.candor.inference.http.ModelControl;
import dev.candor.inference.http.Models;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.testing.TensorModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSwitchTest {
    @TempDir
    private Path folder;

    private final Models served = new Models();
    private final NodeMetrics metrics = new NodeMetrics();
    private VerifiedModel model;

    @BeforeEach
    void importModel() throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        TensorImporter importer = new TensorImporter();
        importer.importModel(importer.inspect(TensorGraphs.arithmetic(folder)), new ModelName("local", "sums", "1"), "NOASSERTION", target, bytes -> {});
        model = new ManifestVerifier().verify(target);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void loadsAndUnloadsByAnyNameAndTellsTheState() throws Exception {
        ModelSwitch control = control(each -> TensorModels.open(each.manifest().name(), each.graph()));
        assertThat(control.index()).containsExactly(new ModelControl.Entry("local/sums@1", ModelControl.State.UNAVAILABLE, "unloaded"));

        control.load("sums");
        control.load("local/sums");
        control.load("sums@1");
        assertThat(control.index()).containsExactly(new ModelControl.Entry("local/sums@1", ModelControl.State.READY, ""));
        assertThat(served.find("sums").engine().healthy()).isTrue();
        assertThat(metrics.prometheus()).contains("num_requests_running{model_name=\"local/sums@1\"}");

        control.unload("local/sums@1");
        assertThat(served.all()).isEmpty();
        assertThat(metrics.prometheus()).doesNotContain("num_requests_running");
        assertThatThrownBy(() -> control.unload("sums")).hasMessageContaining("local/sums@1 is not loaded");
        assertThatThrownBy(() -> control.load("other")).hasMessageContaining("no model 'other'; it has local/sums@1");
    }

    @Test
    void aModelThatCannotBeOpenedSaysWhyAndCanBeTriedAgain() throws Exception {
        boolean[] broken = {true};
        ModelSwitch control = control(each -> {
            if (broken[0]) {
                throw new StartException("its file is cut short");
            }
            return TensorModels.open(each.manifest().name(), each.graph());
        });
        assertThatThrownBy(() -> control.load("sums")).hasMessageContaining("could not be loaded: its file is cut short");
        assertThat(control.index()).containsExactly(new ModelControl.Entry("local/sums@1", ModelControl.State.UNAVAILABLE, "its file is cut short"));

        broken[0] = false;
        control.load("sums");
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.READY);
    }

    @Test
    void anErrorWhileLoadingLeavesNoModelBusyForEver() throws Exception {
        boolean[] broken = {true};
        ModelSwitch control = control(each -> {
            if (broken[0]) {
                throw new OutOfMemoryError("no room for its weights");
            }
            return TensorModels.open(each.manifest().name(), each.graph());
        });
        assertThatThrownBy(() -> control.load("sums")).isInstanceOf(OutOfMemoryError.class);
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.UNAVAILABLE);

        broken[0] = false;
        control.load("sums");
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.READY);
    }

    @Test
    void oneChangeAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ModelSwitch control = control(each -> {
            begun.countDown();
            go.await();
            return TensorModels.open(each.manifest().name(), each.graph());
        });
        CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> load(control));
        begun.await();
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.LOADING);
        assertThatThrownBy(() -> control.load("sums"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_BUSY));
        go.countDown();
        loading.join();
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.READY);
    }

    @Test
    void aModelThatIsReadyAfterTheNodeHasStoppedIsClosedAndNotServed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<LoadedModel> opened = new CopyOnWriteArrayList<>();
        ModelSwitch control = control(each -> {
            begun.countDown();
            go.await();
            opened.add(TensorModels.open(each.manifest().name(), each.graph()));
            return opened.getFirst();
        });
        CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> load(control));
        begun.await();
        served.close();
        go.countDown();

        assertThatThrownBy(loading::join).hasStackTraceContaining("The model local/sums@1 could not be loaded: the node is stopping.");
        assertThat(opened.getFirst().engine().healthy()).isFalse();
        assertThat(served.all()).isEmpty();
        assertThat(metrics.prometheus()).doesNotContain("num_requests_running");
        assertThatThrownBy(() -> control.load("sums")).hasMessageContaining("the node is stopping");
        assertThat(opened).hasSize(1);
    }

    private static void load(ModelSwitch control) {
        try {
            control.load("sums");
        } catch (ApiException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link ModelSwitch.Opener}, which may also be interrupted. */
    private interface Opening {
        LoadedModel open(VerifiedModel model) throws StartException, InterruptedException;
    }

    private ModelSwitch control(Opening opening) {
        return new ModelSwitch(List.of(model), served, each -> {
            try {
                return opening.open(each);
            } catch (InterruptedException e) {
                throw new StartException("interrupted", e);
            }
        }, metrics);
    }
}
