package dev.candor.attestation.testing;

import java.util.Arrays;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Copies of bytes that a parser takes, each with one to four of them changed, and now and then cut short or made longer: the same ones on every run.
 *
 * @param count how many copies
 */
public record MutatedBytes(byte[] good, int count, long seed) implements Iterable<byte[]> {
    @Override
    public Iterator<byte[]> iterator() {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count).mapToObj(i -> mutated(random)).iterator();
    }

    private byte[] mutated(SplittableRandom random) {
        byte[] bad = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length + 3) : good.length);
        for (int changes = random.nextInt(4); changes >= 0 && bad.length > 0; changes--) {
            bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? random.nextInt() : ' ' + random.nextInt(95));
        }
        return bad;
    }
}
