package dev.candor.inference.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.testing.CharTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class InfillTest {
    @Test
    void aGapIsMarkedAsTheModelKnowsIt() {
        assertThat(prompt("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")).isEqualTo("<|fim_prefix|>before<|fim_suffix|>after<|fim_middle|>");
        assertThat(prompt("<fim_prefix>", "<fim_suffix>", "<fim_middle>")).isEqualTo("<fim_prefix>before<fim_suffix>after<fim_middle>");
        assertThat(prompt("<\uff5cfim\u2581begin\uff5c>", "<\uff5cfim\u2581hole\uff5c>", "<\uff5cfim\u2581end\uff5c>"))
                .isEqualTo("<\uff5cfim\u2581begin\uff5c>before<\uff5cfim\u2581hole\uff5c>after<\uff5cfim\u2581end\uff5c>");
        assertThat(prompt("\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>")).isEqualTo("\u2581<PRE>before\u2581<SUF>after\u2581<MID>");
        assertThat(prompt("[PREFIX]", "[SUFFIX]")).isEqualTo("[SUFFIX]after[PREFIX]before");
    }

    @Test
    void aModelThatLacksOneOfTheMarksCannotFillGaps() {
        assertThat(Infill.of(new Marked(List.of()))).isEmpty();
        assertThat(Infill.of(new Marked(List.of("<|fim_prefix|>", "<|fim_suffix|>")))).isEmpty();
        assertThat(Infill.of(new Marked(List.of("[PREFIX]")))).isEmpty();
    }

    private static String prompt(String... marks) {
        return Infill.of(new Marked(List.of(marks))).orElseThrow().prompt("before", "after");
    }

    /** Knows each of some texts as one token. */
    private static final class Marked extends CharTokenizer {
        private final List<String> marks;

        Marked(List<String> marks) {
            this.marks = marks;
        }

        @Override
        public int[] encode(String text) {
            return marks.contains(text) ? new int[] {1_000_000 + marks.indexOf(text)} : super.encode(text);
        }
    }
}
