package dev.candor.settlement.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnchorPaceTest {
    @Test
    void isOnceAMinuteOrAThousandLeavesByItself() {
        assertThat(AnchorPace.standard()).isEqualTo(new AnchorPace(Duration.ofSeconds(60), 1_000));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3600, false",
        "1, 59, false",
        "1, 60, true",
        "999, 59, false",
        "1000, 0, true",
    })
    void anchorsWhatHasGrownByEnoughOrForLongEnoughAndNothingElse(long leaves, long seconds, boolean due) {
        assertThat(AnchorPace.standard().isDue(leaves, Duration.ofSeconds(seconds))).isEqualTo(due);
    }
}
