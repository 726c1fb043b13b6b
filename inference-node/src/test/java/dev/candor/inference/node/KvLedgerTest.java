package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvLedgerTest {
    @Test
    void everyModelGetsAnEqualPartOfWhatTheOthersHaveNotTaken() {
        KvLedger ledger = new KvLedger(900, List.of("a", "b", "c"));

        KvLedger.Promise first = ledger.promise("a");
        assertThat(first.bytes()).isEqualTo(300);
        first.keep(100, 64, 64);
        KvLedger.Promise second = ledger.promise("b");
        assertThat(second.bytes()).as("what the first cannot use is the others'").isEqualTo(400);
        second.keep(400, 32, 64);
        assertThat(ledger.promise("c").bytes()).isEqualTo(400);

        assertThat(ledger.promised()).isEqualTo(900);
        assertThat(ledger.share("a").orElseThrow().cut()).isFalse();
        assertThat(ledger.share("b").orElseThrow().cut()).isTrue();
        assertThat(ledger.shares()).extracting(KvLedger.Share::model).containsExactly("a", "b", "c");
    }

    @Test
    void aPartIsGivenBackOnceAndCanBeHadAgain() {
        KvLedger ledger = new KvLedger(800, List.of("a", "b"));
        KvLedger.Promise first = ledger.promise("a");
        ledger.promise("b");

        first.close();
        first.close();
        assertThat(ledger.promised()).isEqualTo(400);
        assertThat(ledger.share("a")).isEmpty();
        KvLedger.Promise again = ledger.promise("a");
        assertThat(again.bytes()).isEqualTo(400);
        first.close();
        assertThat(ledger.promised()).as("the part of one that was opened again is not its predecessor's").isEqualTo(800);
        assertThatThrownBy(() -> ledger.promise("a")).isInstanceOf(IllegalStateException.class).hasMessageContaining("a has memory");
    }

    @Test
    void nobodyKeepsMoreThanWasPromised() {
        KvLedger.Promise promise = new KvLedger(100, List.of("a", "b")).promise("a");

        assertThatThrownBy(() -> promise.keep(51, 1, 1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("50 bytes and takes 51");
    }

    @Test
    void withoutABoundEveryModelTakesWhatItCanUse() {
        KvLedger ledger = new KvLedger(0, List.of("a", "b"));
        KvLedger.Promise promise = ledger.promise("a");

        assertThat(promise.bytes()).isZero();
        promise.keep(1L << 40, 64, 64);
        assertThat(ledger.promised()).isEqualTo(1L << 40);
        assertThat(ledger.promise("b").bytes()).isZero();
    }

    @Test
    void theTotalHoldsInWhateverOrderModelsComeAndGo() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(6); i++) {
                names.add("m" + i);
            }
            long total = 1000 + random.nextInt(100_000);
            KvLedger ledger = new KvLedger(total, names);
            Map<String, KvLedger.Promise> open = new HashMap<>();
            for (int step = 0; step < 50; step++) {
                String name = names.get(random.nextInt(names.size()));
                if (open.containsKey(name)) {
                    open.remove(name).close();
                } else {
                    KvLedger.Promise promise = ledger.promise(name);
                    assertThat(promise.bytes()).as("every known model finds room").isPositive();
                    promise.keep(random.nextLong(promise.bytes() + 1), 1, 1);
                    open.put(name, promise);
                }
                assertThat(ledger.promised()).isBetween(0L, total);
            }
        }
    }
}
