package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceMemoryTest {
    private static final Price OLD = new Price(BigInteger.ONE, BigInteger.TWO);
    private static final Price NEW = new Price(BigInteger.TEN, BigInteger.TEN);

    @TempDir
    private Path folder;

    @Test
    void honoursThePriceOfTheLastRunBesideThisOnes() throws Exception {
        memory().set(new PriceBook(Clock.systemUTC()), "m", OLD);
        PriceBook book = new PriceBook(Clock.systemUTC());
        memory().set(book, "m", NEW);
        assertThat(book.current("m")).contains(NEW);
        assertThat(book.honoured("m")).containsExactly(NEW, OLD);
    }

    @Test
    void knowsOnePriceWhereItDidNotChange() throws Exception {
        memory().set(new PriceBook(Clock.systemUTC()), "m", OLD);
        PriceBook book = new PriceBook(Clock.systemUTC());
        memory().set(book, "m", OLD);
        assertThat(book.honoured("m")).containsExactly(OLD);
    }

    @Test
    void startsAnewFromPricesThatCannotBeRead() throws Exception {
        for (String damaged : List.of("{\"m\":{\"input\":\"x\",\"output\":\"2\"}}", "{\"m", "", "[]")) {
            Files.writeString(folder.resolve("prices.json"), damaged);
            PriceBook book = new PriceBook(Clock.systemUTC());
            memory().set(book, "m", NEW);
            assertThat(book.honoured("m")).as(damaged).containsExactly(NEW);
        }
    }

    private PriceMemory memory() {
        return new PriceMemory(folder.resolve("prices.json"));
    }
}
