package dev.candor.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringMatcherTest {
    @Test
    void endsTheTextBeforeAStopStringThatCrossesPieces() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("\n\nUser:"));

        assertThat(matcher.append("Hello\n")).isEqualTo("Hello");
        assertThat(matcher.append("\nUs")).isEmpty();
        assertThat(matcher.append("er: more")).isEmpty();

        assertThat(matcher.matched()).isTrue();
        assertThat(matcher.append("later")).isEmpty();
        assertThat(matcher.flush()).isEmpty();
    }

    @Test
    void handsOutWhatTurnsOutToBeNoStopString() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("abab!"));

        assertThat(matcher.append("xaba")).isEqualTo("x");
        assertThat(matcher.append("bab")).isEqualTo("ab");
        assertThat(matcher.append("?")).isEqualTo("abab?");
        assertThat(matcher.matched()).isFalse();
    }

    @Test
    void handsOutWhatItHeldWhenTheTextIsOver() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("stop"));

        assertThat(matcher.append("do not sto")).isEqualTo("do not ");
        assertThat(matcher.flush()).isEqualTo("sto");
    }

    @Test
    void takesTheLongestOfTheStopStringsCompletedFirst() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("d", "bcd", "abcdef"));

        assertThat(matcher.append("abcdef")).isEqualTo("a");
        assertThat(matcher.matched()).isTrue();
    }

    @Test
    void findsTheSameWhereverThePiecesEnd() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            List<String> stops = List.of(letters(random, 1 + random.nextInt(4)), letters(random, 1 + random.nextInt(5)));
            String text = letters(random, random.nextInt(30));
            StopStringMatcher pieces = new StopStringMatcher(stops);
            StringBuilder told = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(5));
                told.append(pieces.append(text.substring(at, end)));
                at = end;
            }
            told.append(pieces.flush());

            assertThat(told.toString()).as("%s in %s", stops, text).isEqualTo(expected(text, stops));
        }
    }

    private static String expected(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String before = text.substring(0, end);
            int longest = stops.stream().filter(before::endsWith).mapToInt(String::length).max().orElse(0);
            if (longest > 0) {
                return text.substring(0, end - longest);
            }
        }
        return text;
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 0, 2).collect(StringBuilder::new, (s, i) -> s.append((char) ('a' + i)), StringBuilder::append).toString();
    }

    @Test
    void refusesAnEmptyStopString() {
        assertThatThrownBy(() -> new StopStringMatcher(List.of(""))).isInstanceOf(IllegalArgumentException.class);
    }
}
