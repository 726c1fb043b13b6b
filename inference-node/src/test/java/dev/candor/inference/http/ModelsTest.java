package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.tensor.TensorEngine;
import dev.candor.inference.engine.tensor.TensorRequest;
import dev.candor.inference.engine.tensor.TensorRun;
import dev.candor.inference.engine.tensor.TensorSignature;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private final List<String> closed = new ArrayList<>();
    private final Models models = new Models();

    @Test
    void findsAModelByItsFullNameAndByShorterOnesAsLongAsItIsServed() throws Exception {
        TensorModel first = model("a/x@1");
        TensorModel second = model("b/x@2");
        models.add(first);
        models.add(second);

        assertThat(models.find("b/x@2")).isSameAs(second);
        assertThat(models.find("b/x")).isSameAs(second);
        assertThat(models.find("x")).isSameAs(first);
        assertThat(models.find("x@1")).isSameAs(first);
        assertThat(models.find("x@2")).isSameAs(second);
        assertThatThrownBy(() -> models.find("x@3")).isInstanceOf(ApiException.class);
        assertThat(models.remove("a/x@1")).contains(first);
        assertThat(models.find("x")).isSameAs(second);
        assertThat(models.remove("a/x@1")).isEmpty();
        assertThatThrownBy(() -> models.find("a/x@1"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_NOT_FOUND))
                .hasMessageContaining("b/x@2");
    }

    @Test
    void tellsAModelThatIsNotLoadedFromOneItNeverHad() throws Exception {
        models.know(List.of("a/x@1", "b/y@2"));
        models.add(model("a/x@1"));

        assertThat(models.find("x").binding().name()).isEqualTo("a/x@1");
        for (String name : List.of("b/y@2", "b/y", "y@2", "y")) {
            assertThatThrownBy(() -> models.find(name))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_NOT_LOADED))
                    .hasMessageContaining("not loaded")
                    .hasMessageContaining("/v2/repository/models/b/y@2/load");
        }
        assertThatThrownBy(() -> models.find("z"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
    }

    @Test
    void namesTheRouteOfAModelThatIsAskedForAnotherTask() {
        models.add(model("a/x@1"));

        assertThatThrownBy(() -> models.find("x", ChatModel.class))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_NOT_SUPPORTED))
                .hasMessageContaining("/v2/models/a/x@1/infer");
    }

    @Test
    void refusesAModelThatIsServedAlreadyAndMoreThanItsBound() {
        models.add(model("a/x@1"));

        assertThatThrownBy(() -> models.add(model("a/x@1"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("a/x@1");
        for (int i = 1; i < Models.MAX_MODELS; i++) {
            models.add(model("a/m" + i + "@1"));
        }
        assertThatThrownBy(() -> models.add(model("a/y@1"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("unload");
    }

    @Test
    void closesAllItServesLastAddedFirst() {
        models.add(model("a/x@1"));
        models.add(model("b/y@1"));

        models.close();
        models.close();

        assertThat(closed).containsExactly("b/y@1", "a/x@1");
        assertThat(models.all()).isEmpty();
    }

    private TensorModel model(String name) {
        TensorEngine engine = new TensorEngine() {
            @Override
            public TensorSignature signature() {
                return new TensorSignature(List.of(), List.of());
            }

            @Override
            public Duration patience() {
                return Duration.ofMinutes(1);
            }

            @Override
            public TensorRun submit(TensorRequest request) {
                throw new UnsupportedOperationException("no request is made");
            }

            @Override
            public EngineInfo info() {
                return new EngineInfo("0", "CPUExecutionProvider", "fp32", "none", 0, 1);
            }

            @Override
            public EngineStats stats() {
                return new EngineStats(0, 0, 0, 0, 0);
            }

            @Override
            public boolean healthy() {
                return true;
            }

            @Override
            public void close() {
                closed.add(name);
            }
        };
        return new TensorModel(new ModelBinding(name, Digest.sha256()), Instant.EPOCH, engine);
    }
}
