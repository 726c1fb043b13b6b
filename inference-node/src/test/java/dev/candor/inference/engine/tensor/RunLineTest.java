package dev.candor.inference.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunLineTest {
    private final RunLine line = new RunLine();

    @Test
    void aClientWithOneRequestNeedNotWaitForAllOfAnotherWithMany() {
        add("greedy", 5);
        List<String> order = new ArrayList<>();
        order.add(serve(10));
        add("modest", 1);
        while (line.size() > 0) {
            order.add(serve(10));
        }

        assertThat(order).containsExactly("greedy", "greedy", "modest", "greedy", "greedy", "greedy");
    }

    @Test
    void clientsGetEqualTimeAndNotEqualCounts() {
        add("slow", 10);
        add("quick", 100);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 44; i++) {
            Optional<PendingRun> next = line.take();
            order.add(next.orElseThrow().client());
            line.ended(next.orElseThrow(), next.orElseThrow().client().equals("slow") ? 100 : 10);
        }

        assertThat(order).filteredOn("slow"::equals).hasSize(4);
    }

    @Test
    void oneThatLeavesIsNotServedAndItsClientIsNotRemembered() {
        PendingRun gone = add("a", 1);
        PendingRun stays = add("b", 1);
        line.leave(gone);
        line.leave(gone);

        assertThat(line.all()).containsExactly(stays);
        assertThat(line.take()).contains(stays);
        line.leave(stays);
        line.ended(stays, 5);
        assertThat(line.take()).isEmpty();
        assertThat(line.size()).isZero();
    }

    private String serve(long nanos) {
        PendingRun run = line.take().orElseThrow();
        line.ended(run, nanos);
        return run.client();
    }

    private PendingRun add(String client, int count) {
        PendingRun last = null;
        for (int i = 0; i < count; i++) {
            last = new PendingRun(new TensorRequest(List.of(), List.of(), 0, client), run -> {});
            line.add(last);
        }
        return last;
    }
}
