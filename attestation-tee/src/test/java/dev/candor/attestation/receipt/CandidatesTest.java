package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidatesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CHAT | {} | 1 | 1",
        "CHAT | {'n':3,'best_of':5,'prompt':['a','b']} | 3 | 3",
        "COMPLETION | {} | 1 | 1",
        "COMPLETION | {'prompt':'a','n':2} | 2 | 2",
        "COMPLETION | {'prompt':['a','b'],'n':2} | 4 | 4",
        "COMPLETION | {'prompt':['a','b'],'n':2,'best_of':3} | 4 | 6",
        "COMPLETION | {'prompt':[1,2,3],'best_of':2} | 1 | 2",
        "COMPLETION | {'prompt':[[1,2],[3]]} | 2 | 2",
        "COMPLETION | {'prompt':[],'n':null,'best_of':1} | 1 | 1",
        "RESPONSE | {'n':4} | 1 | 1",
        "DATA | {'input':['a','b']} | 0 | 0"
    })
    void countsChoicesAndWhatTheyAreTheBestOf(Operation operation, String body, long choices, long drawn) throws Exception {
        Candidates candidates = Candidates.of(operation, StrictJson.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        assertThat(candidates.choices()).isEqualTo(choices);
        assertThat(candidates.drawn()).isEqualTo(drawn);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 10, 10, 5, true", "2, 2, 11, 10, 5, false", "2, 2, 9, 10, 5, false",
        "2, 6, 10, 10, 5, true", "2, 6, 30, 10, 5, true", "2, 6, 31, 10, 5, false", "2, 6, 9, 10, 5, false",
        "2, 6, 0, 0, 0, true", "2, 6, 1, 0, 0, false", "1, 9223372036854775807, 2147483647, 1, 2147483647, true"
    })
    void onlyCandidatesThatWereNotChosenAddTokens(long choices, long drawn, long generated, long delivered, int maxTokens, boolean allowed) {
        assertThat(new Candidates(1, choices, drawn).allow(generated, delivered, maxTokens)).isEqualTo(allowed);
    }
}
