package dev.candor.inference.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientShareTest {
    @ParameterizedTest
    @CsvSource({"50, 1, 132", "50, 2, 88", "50, 9, 26", "100, 1, 264", "25, 1, 66", "75, 1, 198"})
    void greedyClientsGetEqualPartsAndAlwaysLeaveRoom(int percent, int clients, int each) {
        ClientShare share = new ClientShare(percent);
        int[] held = new int[clients];
        int free = 264;
        for (boolean more = true; more; ) {
            more = false;
            for (int i = 0; i < clients; i++) {
                if (share.allows(held[i], 1, free)) {
                    held[i]++;
                    free--;
                    more = true;
                }
            }
        }

        assertThat(held).containsOnly(each, held[0]);
        assertThat(share.allows(0, 1, free)).isEqualTo(percent < 100);
    }

    @Test
    void whoHasNothingGetsWhatFits() {
        assertThat(new ClientShare(1).allows(0, 5, 5)).isTrue();
        assertThat(new ClientShare(1).allows(0, 6, 5)).isFalse();
        assertThat(ClientShare.WHOLE.allows(259, 6, 5)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void refusesWhatIsNoShare(int percent) {
        assertThatThrownBy(() -> new ClientShare(percent)).hasMessageContaining("between 1 and 100");
    }
}
