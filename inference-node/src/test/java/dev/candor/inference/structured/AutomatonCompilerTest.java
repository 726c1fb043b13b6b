package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a compiler keeps. */
class AutomatonCompilerTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 30;

    @Test
    void keepsOneOfEachGrammarHoweverManyCompileItAtOnce() throws Exception {
        AutomatonCompiler compiler = TestVocabularies.toyCompiler();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < ROUNDS; round++) {
                Grammar large = TestVocabularies.schema("{\"title\":\"" + round + "x".repeat(200_000) + "\",\"type\":\"null\"}");
                List<Future<CompiledConstraint>> compiled = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    compiled.add(threads.submit(() -> {
                        together.await();
                        return compiler.compile(large);
                    }));
                }
                CompiledConstraint kept = compiled.getFirst().get();
                for (Future<CompiledConstraint> each : compiled) {
                    assertThat(each.get()).isSameAs(kept);
                }
            }
        }
    }
}
