package dev.candor.inference.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.OrtTensorRunner;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.limits.ClientShare;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a graph that counts to any number, so that a run takes as long as a test likes. */
class QueuedTensorEngineTest {
    private static final int QUEUE = 3;

    @TempDir
    private Path folder;

    private QueuedTensorEngine engine;

    @BeforeEach
    void open() throws Exception {
        OrtTensorRunner runner = OrtTensorRunner.open(OrtRuntime.load(Models.natives()), TensorGraphs.loop(folder), "fp32", 1);
        engine = QueuedTensorEngine.start(runner, new TensorOptions(QUEUE, 1024, Duration.ofMinutes(5), Duration.ZERO));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void requestsRunOneAfterTheOtherAndOnePastTheQueueIsRefused() throws Exception {
        TensorRun endless = atWork(Long.MAX_VALUE);
        List<TensorRun> waiting = new ArrayList<>();
        for (int i = 0; i < QUEUE; i++) {
            waiting.add(engine.submit(request(i, Duration.ofMinutes(5))));
        }
        assertThatThrownBy(() -> engine.submit(request(1, Duration.ofMinutes(5)))).isInstanceOf(EngineOverloadedException.class);
        assertThat(engine.stats().waiting()).isEqualTo(QUEUE);

        endless.cancel();
        assertThatThrownBy(endless::await).isInstanceOf(TensorStoppedException.class);
        for (int i = 0; i < QUEUE; i++) {
            assertThat(counted(waiting.get(i))).isEqualTo(i);
        }
    }

    @Test
    void aDeadlineEndsARunAtWorkAndOneThatWaits() throws Exception {
        TensorRun endless = engine.submit(request(Long.MAX_VALUE, Duration.ofMillis(200)));
        TensorRun late = engine.submit(request(1, Duration.ofMillis(100)));
        TensorRun patient = engine.submit(request(5, Duration.ofMinutes(5)));

        assertStopped(late, TensorStoppedException.Reason.DEADLINE);
        assertStopped(endless, TensorStoppedException.Reason.DEADLINE);
        assertThat(counted(patient)).isEqualTo(5);
    }

    @Test
    void whoIsCancelledOrLateLeavesItsPlaceToOthersAtOnce() throws Exception {
        TensorRun endless = atWork(Long.MAX_VALUE);
        TensorRun gone = engine.submit(request(1, Duration.ofMinutes(5)));
        TensorRun late = engine.submit(request(1, Duration.ofMillis(50)));
        assertStopped(late, TensorStoppedException.Reason.DEADLINE);
        gone.cancel();
        assertThat(engine.stats().waiting()).isZero();
        TensorRun third = engine.submit(request(3, Duration.ofMinutes(5)));
        TensorRun fourth = engine.submit(request(4, Duration.ofMinutes(5)));
        TensorRun fifth = engine.submit(request(5, Duration.ofMinutes(5)));
        assertThatThrownBy(() -> engine.submit(request(1, Duration.ofMinutes(5)))).isInstanceOf(EngineOverloadedException.class).hasMessageContaining("3 requests are waiting");

        endless.cancel();
        assertThat(counted(third)).isEqualTo(3);
        assertThat(counted(fourth)).isEqualTo(4);
        assertThat(counted(fifth)).isEqualTo(5);
        assertStopped(gone, TensorStoppedException.Reason.CANCELLED);
    }

    @Test
    void aClientMayHaveItsShareOfTheQueueAndOthersFindRoom() throws Exception {
        engine.close();
        OrtTensorRunner runner = OrtTensorRunner.open(
                OrtRuntime.load(Models.natives()), TensorGraphs.loop(Files.createDirectory(folder.resolve("second"))), "fp32", 1);
        engine = QueuedTensorEngine.start(runner, new TensorOptions(4, ClientShare.HALF, 1024, Duration.ofMinutes(5), Duration.ZERO));
        TensorRun endless = atWork(Long.MAX_VALUE);
        List<TensorRun> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(engine.submit(request(1, Duration.ofMinutes(5)).of("greedy")));
        }
        assertThatThrownBy(() -> engine.submit(request(1, Duration.ofMinutes(5)).of("greedy")))
                .isInstanceOf(EngineOverloadedException.class).hasMessageContaining("share");
        waiting.add(engine.submit(request(1, Duration.ofMinutes(5)).of("other")));

        endless.cancel();
        for (TensorRun run : waiting) {
            assertThat(counted(run)).isEqualTo(1);
        }
    }

    @Test
    void closingEndsWhatIsAtWorkAndWhatWaits() throws Exception {
        TensorRun endless = atWork(Long.MAX_VALUE);
        TensorRun waiting = engine.submit(request(1, Duration.ofMinutes(5)));
        engine.close();

        assertStopped(endless, TensorStoppedException.Reason.CLOSED);
        assertStopped(waiting, TensorStoppedException.Reason.CLOSED);
        assertThat(engine.healthy()).isFalse();
        assertThatThrownBy(() -> engine.submit(request(1, Duration.ofMinutes(5)))).isInstanceOf(EngineOverloadedException.class);
    }

    @Test
    void whatDoesNotFitTheGraphIsRefusedBeforeItWaits() {
        TensorRequest wrong = new TensorRequest(List.of(), List.of("y"), System.nanoTime());
        assertThatThrownBy(() -> engine.submit(wrong)).isInstanceOf(TensorMismatchException.class).hasMessageContaining("the input 'times' is missing");
        TensorRequest unknown = new TensorRequest(request(1, Duration.ofMinutes(1)).inputs(), List.of("z"), System.nanoTime());
        assertThatThrownBy(() -> engine.submit(unknown)).isInstanceOf(TensorMismatchException.class).hasMessageContaining("the model has no output 'z'; it gives y");
    }

    private TensorRun atWork(long times) throws Exception {
        TensorRun run = engine.submit(request(times, Duration.ofMinutes(5)));
        while (engine.stats().waiting() > 0 || engine.stats().running() == 0) {
            Thread.onSpinWait();
        }
        return run;
    }

    private static void assertStopped(TensorRun run, TensorStoppedException.Reason reason) {
        assertThatThrownBy(run::await).isInstanceOfSatisfying(TensorStoppedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static float counted(TensorRun run) throws Exception {
        return run.await().getFirst().data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
    }

    private static TensorRequest request(long times, Duration patience) {
        MemorySegment count = MemorySegment.ofArray(new byte[8]);
        count.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, times);
        return new TensorRequest(
                List.of(new Tensor("times", Datatype.INT64, List.of(), count), new Tensor("x", Datatype.FP32, List.of(), MemorySegment.ofArray(new byte[4]))),
                List.of("y"),
                System.nanoTime() + patience.toNanos());
    }
}
