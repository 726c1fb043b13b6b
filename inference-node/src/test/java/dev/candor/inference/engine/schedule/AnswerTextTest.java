package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.StopStringMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTextTest {
    @TempDir
    private static Path folder;

    private static HfTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = HfTokenizer.open(ToyModels.write(folder.resolve("toy")).tokenizer(), Models.natives());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void findsAStopStringThatCrossesTokensAndEndsInsideACharactersTokens() {
        AnswerText text = text("😀!");
        List<String> pieces = feed(text, "so 😀! more", 0);

        assertThat(String.join("", pieces)).isEqualTo("so ");
        assertThat(text.stopped()).isTrue();
        assertThat(text.end()).isEmpty();
        assertThat(text.whole()).isEqualTo("so ");
    }

    @Test
    void aStopStringBeforeTheMinimumIsText() {
        AnswerText text = text("b");
        feed(text, "abcab", 4);

        assertThat(text.stopped()).isTrue();
        assertThat(text.whole()).isEqualTo("abca");
    }

    @Test
    void givesWhatItHeldAndAnUnfinishedCharacterAtTheEnd() {
        AnswerText text = text("xyz");
        feed(text, "a xy", 0);
        int[] emoji = tokenizer.encode("😀");
        text.append(emoji[0], true);

        assertThat(text.end()).isEqualTo("xy\uFFFD");
        assertThat(text.whole()).isEqualTo("a xy\uFFFD");
        assertThat(text.stopped()).isFalse();
    }

    private static AnswerText text(String... stops) {
        return new AnswerText(tokenizer.newDecoder(), new StopStringMatcher(List.of(stops)));
    }

    private static List<String> feed(AnswerText text, String answer, int minTokens) {
        List<String> pieces = new ArrayList<>();
        int generated = 0;
        for (int token : tokenizer.encode(answer)) {
            if (!text.stopped()) {
                pieces.add(text.append(token, ++generated > minTokens));
            }
        }
        return pieces;
    }
}
