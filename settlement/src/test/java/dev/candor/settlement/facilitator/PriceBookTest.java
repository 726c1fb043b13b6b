package dev.candor.settlement.facilitator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PriceBookTest {
    private static final Price OLD = price(1);
    private static final Price NEW = price(2);
    private final SteppingClock clock = new SteppingClock();
    private final PriceBook book = new PriceBook(clock);

    @Test
    void knowsNoPriceOfAModelThatHasNone() {
        assertThat(book.current("free")).isEmpty();
        assertThat(book.honoured("free")).isEmpty();
    }

    @Test
    void honoursAReplacedPriceForFiveMinutesAndNotASecondMore() {
        book.set("m", OLD);
        book.set("m", NEW);
        clock.step(Duration.ofSeconds(299));
        assertThat(book.honoured("m")).containsExactly(NEW, OLD);
        clock.step(Duration.ofSeconds(1));

        assertThat(book.honoured("m")).containsExactly(NEW);
        assertThat(book.current("m")).contains(NEW);
    }

    @Test
    void honoursEveryPriceOfTheLastFiveMinutesNewestFirst() {
        for (long n = 1; n <= 4; n++) {
            book.set("m", price(n));
            clock.step(Duration.ofSeconds(100));
        }

        assertThat(book.honoured("m")).containsExactly(price(4), price(3), price(2));
    }

    @Test
    void namesAPriceOnceThoughItCameBack() {
        book.set("m", OLD);
        book.set("m", NEW);
        book.set("m", OLD);

        assertThat(book.honoured("m")).containsExactly(OLD, NEW);
    }

    @Test
    void setsTheSamePriceAgainWithoutEffect() {
        book.set("m", OLD);
        book.set("m", OLD);

        assertThat(book.honoured("m")).containsExactly(OLD);
    }

    @Test
    void boundsHowManyPricesItHonours() {
        for (long n = 0; n < 1_000; n++) {
            book.set("m", price(n));
        }

        assertThat(book.honoured("m")).hasSize(17).startsWith(price(999), price(998));
    }

    @Test
    void countsPromptAndCompletionTokensAtTheirPrices() {
        assertThat(new Price(BigInteger.TWO, BigInteger.TEN).amount(3, 4)).isEqualTo(46);
    }

    private static Price price(long n) {
        return new Price(BigInteger.valueOf(n), BigInteger.valueOf(4 * n));
    }
}
