package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.structured.Grammar.Choice;
import dev.candor.inference.structured.Grammar.FreeText;
import dev.candor.inference.structured.Grammar.Literal;
import dev.candor.inference.structured.Grammar.Regex;
import dev.candor.inference.structured.Grammar.Repeat;
import dev.candor.inference.structured.Grammar.Sequence;
import dev.candor.inference.structured.Grammar.Special;
import dev.candor.inference.text.TokenBytes;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexConstraintTest {
    private static final List<String> PIECES = List.of("a", "b", "ab", "[a-c]", "[^b]", "(a|bc)", "(?:ab)?", "\\d", "\\w", ".", "a*", "b+", "c{2,3}", "(a|b){2}", "x|y",
            "é", "[à-ü]", "\\.", "(ab*)*", "\\x41", "^", "$");
    private static final String ALPHABET = "aabbccxyé.A1 _😀ü";

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "[A-Z]{2}-\\d{3} AB-123", "(yes|no) no", "\\p{Lu}+ ÄÖ", "[^a\\n]* 😀b", "\\u00e9+ éé", "a{0}b b", "(a|b)*c abac", "\\p{Script=Greek} λ", "[\\w.-]+ a_b-c.d",
    })
    void matchesTextsAsAWhole(String pattern, String text) throws UnsupportedGrammarException {
        assertThat(Acceptance.of(new Regex(pattern)).accepts(text)).isTrue();
        assertThat(Acceptance.of(new Regex(pattern)).accepts(text + "\n")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(?<!a)b", "(a)\\1", "\\bword", "a**", "(", ")", "[b-a]", "a{3,2}", "(?i)a", "\\p{Nonsense}", "*", "a{99999999}", "[a", "\\"})
    void whatIsNotSupportedIsSaidClearly(String pattern) {
        assertThatThrownBy(() -> Acceptance.of(new Regex(pattern)))
                .isInstanceOfSatisfying(UnsupportedGrammarException.class, e -> assertThat(e.keyword()).isEqualTo("regex"))
                .hasMessageContaining("cannot be followed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "(?=a)b 1", "a(b(?<!a)) 4", "x(?i)a 2", "(a)\\1 4", "ab\\b 3", "\\p{Nonsense} 1", "[a\\y] 3", "[a[:alpha:]] 3", "a|* 3", "ab} 3", "(a 3",
    })
    void whatIsNotSupportedIsFoundWhereItBegins(String pattern, int character) {
        assertThatThrownBy(() -> Acceptance.of(new Regex(pattern))).hasMessageMatching("(?s).* at character " + character + "\\b.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a{1000}){1000}", "((((a{50}){50}){50}){50}){50}", "(.*a.{24}){3}", "(a|b)*a(a|b){24}", "(a|b|ab){1,5000}(c|ca){1,5000}"})
    void enormousOnesEndSoonWithAClearError(String pattern) {
        assertThatThrownBy(() -> Acceptance.of(new Regex(pattern))).isInstanceOf(UnsupportedGrammarException.class).hasMessageContaining("too large");
    }

    @Test
    void spacesAndWhatIsNoneAreEverything() throws UnsupportedGrammarException {
        assertThat(Acceptance.of(new Regex("[\\s\\S]{1,4}")).accepts("a\u00a0\n\u2003")).isTrue();
    }

    @Test
    void agreesWithTheJdk() throws UnsupportedGrammarException {
        Random random = new Random(7);
        for (int i = 0; i < 150; i++) {
            StringBuilder regex = new StringBuilder();
            for (int k = random.nextInt(4); k >= 0; k--) {
                regex.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            Pattern expected = Pattern.compile(regex.toString());
            Acceptance acceptance;
            try {
                acceptance = Acceptance.of(new Regex(regex.toString()));
            } catch (UnsupportedGrammarException e) {
                assertThat(e).as(regex.toString()).hasMessageContaining("no text can satisfy");
                continue;
            }
            for (int k = 0; k < 20; k++) {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(5); n > 0; n--) {
                    text.appendCodePoint(ALPHABET.codePoints().toArray()[random.nextInt(ALPHABET.codePointCount(0, ALPHABET.length()))]);
                }
                assertThat(acceptance.accepts(text.toString())).as("%s on '%s'", regex, text).isEqualTo(expected.matcher(text).matches());
            }
        }
    }

    @Test
    void choicesAreExact() throws UnsupportedGrammarException {
        Acceptance choice = Acceptance.of(new Choice(List.of("red", "green", "greenish")));
        assertThat(choice.accepts("green")).isTrue();
        assertThat(choice.accepts("greenish")).isTrue();
        assertThat(choice.accepts("gree")).isFalse();
        assertThat(choice.accepts("")).isFalse();
        assertThatThrownBy(() -> Acceptance.of(new Choice(List.of()))).isInstanceOf(UnsupportedGrammarException.class);
    }

    @Test
    void freeTextEndsWhereItsStopBegins() throws UnsupportedGrammarException {
        Grammar grammar = new Sequence(List.of(new FreeText(List.of("</think>", "STOP")), new Literal("</think>"), new Choice(List.of("yes"))));
        Acceptance acceptance = Acceptance.of(grammar);
        assertThat(acceptance.accepts("some < text </thin é</think>yes")).isTrue();
        assertThat(acceptance.accepts("some STOP</think>yes")).isFalse();
        assertThat(acceptance.accepts("some</think>no")).isFalse();
        assertThat(acceptance.accepts(new byte[] {'a', (byte) 0xFF})).as("no UTF-8").isFalse();
    }

    @Test
    void noTextBeginsWithASpaceThatTheDecoderDrops() throws UnsupportedGrammarException {
        TokenBytes metaspace = new TokenBytes(new byte[][] {{'a'}, {' ', 'a'}, {' '}, {}}, Map.of(), true);
        TokenConstraint constraint = new AutomatonCompiler(metaspace, new int[] {3}, ConstraintLimits.defaults()).compile(new Regex("[ a]+")).start();
        assertThat(TestVocabularies.ids(constraint.allowed(9))).containsExactly(0);
        constraint.accept(0);
        assertThat(TestVocabularies.ids(constraint.allowed(9))).containsExactly(0, 1, 2, 3);
    }

    @Test
    void specialTokensAreNoText() throws UnsupportedGrammarException {
        CompiledConstraint compiled = TestVocabularies.toyCompiler().compile(new Sequence(List.of(
                new Special("<call>"), new Repeat(new Literal("ab"), 1, 2))));
        TokenConstraint constraint = compiled.start();
        assertThat(TestVocabularies.ids(constraint.allowed(100))).containsExactly(TestVocabularies.SPECIAL);
        constraint.accept(TestVocabularies.SPECIAL);
        constraint.accept('a');
        assertThat(constraint.complete()).isFalse();
        constraint.accept('b');
        assertThat(TestVocabularies.isAllowed(constraint.allowed(100), TestVocabularies.END)).isTrue();
        constraint.accept(TestVocabularies.END);
        assertThat(constraint.complete()).isTrue();
        assertThatThrownBy(() -> constraint.accept('a')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Acceptance.of(new Special("<absent>"))).hasMessageContaining("no token <absent>");
        assertThatThrownBy(() -> Acceptance.of(new Repeat(new Literal(""), 1, 2))).hasMessageContaining("may be empty");
    }
}
