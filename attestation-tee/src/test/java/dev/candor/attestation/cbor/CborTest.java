package dev.candor.attestation.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
    private static final int MAX = 1 << 16;

    /** RFC 8949, appendix A: integers. */
    @ParameterizedTest
    @CsvSource({
        "0,00", "1,01", "23,17", "24,1818", "100,1864", "1000,1903e8", "1000000,1a000f4240", "1000000000000,1b000000e8d4a51000",
        "18446744073709551615,1bffffffffffffffff", "18446744073709551616,c249010000000000000000", "-18446744073709551616,3bffffffffffffffff",
        "-18446744073709551617,c349010000000000000000", "-1,20", "-10,29", "-100,3863", "-1000,3903e7"
    })
    void integersEncodeAsTheRfcLists(String value, String hex) throws Exception {
        roundTrip(new Cbor.Int(new BigInteger(value)), hex);
    }

    /** RFC 8949, appendix A: floating-point numbers. */
    @ParameterizedTest
    @CsvSource({
        "0.0,f90000", "-0.0,f98000", "1.0,f93c00", "1.1,fb3ff199999999999a", "1.5,f93e00", "65504.0,f97bff", "100000.0,fa47c35000",
        "3.4028234663852886e+38,fa7f7fffff", "1.0e+300,fb7e37e43c8800759c", "5.960464477539063e-8,f90001", "0.00006103515625,f90400",
        "-4.0,f9c400", "-4.1,fbc010666666666666"
    })
    void floatingPointNumbersEncodeInTheirShortestForm(double value, String hex) throws Exception {
        roundTrip(new Cbor.Float(value), hex);
    }

    @Test
    void otherItemsEncodeAsTheRfcLists() throws Exception {
        roundTrip(new Cbor.Bool(false), "f4");
        roundTrip(new Cbor.Bool(true), "f5");
        roundTrip(new Cbor.Null(), "f6");
        roundTrip(new Cbor.Bytes(new byte[] {1, 2, 3, 4}), "4401020304");
        roundTrip(new Cbor.Text("\u6c34"), "63e6b0b4");
        roundTrip(new Cbor.Text("\ud800\udd51"), "64f0908591");
        roundTrip(new Cbor.Array(List.of(new Cbor.Int(1), new Cbor.Array(List.of(new Cbor.Int(2), new Cbor.Int(3))))), "8201820203");
        roundTrip(new Cbor.Tag(32, new Cbor.Text("a")), "d8206161");
    }

    @Test
    void mapKeysAreSortedByTheirEncodedBytes() {
        Cbor.Map map = new Cbor.Map(List.of(entry(new Cbor.Text("aa")), entry(new Cbor.Text("b")), entry(new Cbor.Int(-1)), entry(new Cbor.Int(100)),
                entry(new Cbor.Int(10)), entry(new Cbor.Bool(false))));
        assertThat(HexFormat.of().formatHex(CborEncoder.encode(map))).isEqualTo("a60a00186400200061620062616100f400");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1817", "190001", "1a0000ffff", "1b00000000ffffffff", "5801ff", "3817", "780161",
        "9fff", "5f4100ff", "7f6161ff", "bf6161f6ff", "ff",
        "a2616100616100", "a2616200616100", "a2626161006162f6", "a10a",
        "fb3ff8000000000000", "fa3fc00000", "f97e00", "f97c00", "fb7ff0000000000000", "fa7f800000",
        "f7", "f0", "f818", "f8ff", "1c", "3d", "5e", "0000", "", "18", "42ff", "61ff", "62c328", "63eda080",
        "c2480000000000000001", "c248ffffffffffffffff", "c2490001000000000000000000", "c201", "c25841" ,
        "9bffffffffffffffff", "9a7fffffff", "bb7fffffffffffffff", "5b7fffffffffffffff", "dbffffffffffffffff00"
    })
    void whatIsNotDeterministicIsRefused(String hex) {
        assertThatThrownBy(() -> decode(hex)).isInstanceOf(CborException.class).hasMessageContaining("at byte");
    }

    @Test
    void depthAndSizeAreBounded() throws Exception {
        decode("81".repeat(16) + "00");
        assertThatThrownBy(() -> decode("81".repeat(17) + "00")).isInstanceOf(CborException.class).hasMessageContaining("deeper");
        assertThatThrownBy(() -> decode("c6".repeat(60_000))).isInstanceOf(CborException.class).hasMessageContaining("deeper");
        assertThatThrownBy(() -> CborDecoder.decode(new byte[11], 10)).hasMessageContaining("at most 10");
        Cbor deep = new Cbor.Int(0);
        for (int i = 0; i < 17; i++) {
            deep = new Cbor.Array(List.of(deep));
        }
        Cbor tooDeep = deep;
        assertThatThrownBy(() -> CborEncoder.encode(tooDeep)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatHasNoDeterministicEncodingIsNotEncoded() {
        assertThatThrownBy(() -> CborEncoder.encode(new Cbor.Float(Double.NaN))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CborEncoder.encode(new Cbor.Text("\ud800"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CborEncoder.encode(new Cbor.Map(List.of(entry(new Cbor.Int(1)), entry(new Cbor.Int(1))))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CborEncoder.encode(new Cbor.Int(BigInteger.ONE.shiftLeft(513)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void randomItemsSurviveAndWhateverDecodesEncodesToTheSameBytes() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            Cbor item = item(random, 4);
            byte[] bytes = CborEncoder.encode(item);
            assertThat(CborEncoder.encode(CborDecoder.decode(bytes, MAX))).isEqualTo(bytes);
            byte[] mutated = bytes.clone();
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(CborEncoder.encode(CborDecoder.decode(mutated, MAX))).isEqualTo(mutated);
            } catch (CborException e) {
                assertThat(e).hasMessageContaining("CBOR");
            }
        }
    }

    private static Cbor item(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> new Cbor.Int(new BigInteger(random.nextInt(200), random));
            case 1 -> new Cbor.Int(random.nextLong() >> random.nextInt(64));
            case 2 -> new Cbor.Bytes(HexFormat.of().parseHex("ab".repeat(random.nextInt(40))));
            case 3 -> new Cbor.Text("\u00e4x".repeat(random.nextInt(40)));
            case 4 -> new Cbor.Float(random.nextBoolean() ? random.nextGaussian() : random.nextInt(1000));
            case 5 -> random.nextBoolean() ? new Cbor.Null() : new Cbor.Bool(random.nextBoolean());
            case 6 -> new Cbor.Tag(10 + random.nextInt(1 << 20), item(random, depth - 1));
            case 7 -> {
                List<Cbor> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(item(random, depth - 1));
                }
                yield new Cbor.Array(items);
            }
            default -> {
                List<Cbor.Entry> entries = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    entries.add(new Cbor.Entry(new Cbor.Int(1000L * i + random.nextInt(999)), item(random, depth - 1)));
                }
                yield new Cbor.Map(entries);
            }
        };
    }

    private static Cbor.Entry entry(Cbor key) {
        return new Cbor.Entry(key, new Cbor.Int(0));
    }

    private static void roundTrip(Cbor item, String hex) throws CborException {
        assertThat(HexFormat.of().formatHex(CborEncoder.encode(item))).isEqualTo(hex);
        assertThat(decode(hex)).isEqualTo(item);
    }

    private static Cbor decode(String hex) throws CborException {
        return CborDecoder.decode(HexFormat.of().parseHex(hex), MAX);
    }
}
