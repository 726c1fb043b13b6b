package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolPlanTest {
    @Test
    void sequencesOfLikeLengthsShareARun() {
        List<PoolPlan.Group> groups = new PoolPlan(1600, 8).best(new int[] {192, 128, 256, 192});

        assertThat(groups).hasSize(1);
        assertThat(groups.getFirst().length()).isEqualTo(256);
        assertThat(groups.getFirst().members()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aLongSequenceDoesNotMakeShortOnesPay() {
        List<PoolPlan.Group> groups = new PoolPlan(1600, 8).best(new int[] {192, 4096, 128, 192, 192});

        assertThat(groups).hasSize(2);
        assertThat(groups).anySatisfy(group -> {
            assertThat(group.members()).containsExactly(1);
            assertThat(group.length()).isEqualTo(4096);
        });
        assertThat(groups).anySatisfy(group -> assertThat(group.length()).isEqualTo(192));
    }

    @Test
    void noDivisionIsCheaperThanTheBest() {
        Random random = new Random(4);
        for (int round = 0; round < 50; round++) {
            int[] lengths = random.ints(1 + random.nextInt(6), 1, 5000).map(KvShape::lengthFor).toArray();
            PoolPlan plan = new PoolPlan(1 + random.nextInt(3000), 4);
            List<PoolPlan.Group> best = plan.best(lengths);

            assertThat(best.stream().flatMap(group -> group.members().stream()).sorted().toList())
                    .isEqualTo(IntStream.range(0, lengths.length).boxed().toList());
            assertThat(cost(plan, best)).isEqualTo(cheapest(plan, lengths, 0, new ArrayList<>()));
        }
    }

    private static long cost(PoolPlan plan, List<PoolPlan.Group> groups) {
        return groups.stream().mapToLong(group -> plan.cost(group.members().size(), group.length())).sum();
    }

    /** Tries every division. */
    private static long cheapest(PoolPlan plan, int[] lengths, int next, List<List<Integer>> groups) {
        if (next == lengths.length) {
            return groups.stream()
                    .mapToLong(group -> group.size() > 4 ? Long.MAX_VALUE / 16
                            : plan.cost(group.size(), group.stream().mapToInt(i -> lengths[i]).max().orElseThrow()))
                    .sum();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i <= groups.size(); i++) {
            if (i == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(i).add(next);
            least = Math.min(least, cheapest(plan, lengths, next + 1, groups));
            groups.get(i).removeLast();
            if (groups.get(i).isEmpty()) {
                groups.remove(i);
            }
        }
        return least;
    }

    @Test
    void cachesAreMultiplesOf64AndLittleLongerThanNeeded() {
        for (int tokens = 1; tokens < 40_000; tokens += 7) {
            int length = KvShape.lengthFor(tokens);
            assertThat(length % KvShape.STEP).isZero();
            assertThat(length).isBetween(tokens, Math.max(tokens + KvShape.STEP, tokens + tokens / 8));
        }
    }
}
