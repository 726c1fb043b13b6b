package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.limits.ClientId;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private static final ClientId ANNA = new ClientId(ClientId.Kind.KEY, "anna");
    private static final ClientId BOB = new ClientId(ClientId.Kind.PAYER, "0xb0b");

    @TempDir
    private Path home;

    private final List<String> cancelled = new ArrayList<>();
    private Admission admission;

    @BeforeEach
    void open() {
        admission = new Admission(2, 6, ClientShare.HALF, new DiskGuard(home, List.of(home), Long.MAX_VALUE));
    }

    @Test
    void aClientGetsItsShareAndItsPlacesBackOnce() throws Exception {
        Admission.Ticket two = admission.enter(ANNA, 2, () -> {});
        Admission.Ticket more = admission.enter(ANNA, 2, () -> {});
        refuses(ANNA, 1, ErrorCode.RATE_LIMIT_EXCEEDED);
        admission.requireRoom(BOB, 4);
        Admission.Ticket his = admission.enter(BOB, () -> {});

        two.close();
        two.close();
        assertThat(admission.inside()).isEqualTo(3);
        admission.requireRoom(ANNA, 1);
        more.close();
        his.close();
        assertThat(admission.inside()).isZero();
    }

    @Test
    void saysWhenItIsFullAndWhatCanNeverComeIn() throws Exception {
        admission.enter(ANNA, 4, () -> {});
        admission.enter(BOB, 4, () -> {});

        refuses(new ClientId(ClientId.Kind.ADDRESS, "203.0.113.9"), 1, ErrorCode.QUEUE_FULL);
        refuses(BOB, 9, ErrorCode.INVALID_VALUE);
    }

    @Test
    void aPartTakesPlacesOfTheWholeAndHasItsOwnShares() throws Exception {
        Admission line = admission.part(4);
        Admission.Ticket first = line.enter(ANNA, () -> {});
        line.enter(ANNA, () -> cancelled.add("second"));
        assertThatThrownBy(() -> line.enter(ANNA, () -> {})).isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED));
        assertThat(admission.inside()).isEqualTo(2);
        line.enter(BOB, () -> {});
        first.close();
        assertThat(line.inside()).isEqualTo(2);
        assertThat(admission.inside()).isEqualTo(2);

        admission.enter(BOB, 3, () -> {});
        assertThatThrownBy(() -> line.enter(BOB, () -> {})).as("the whole refuses").isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> line.requireRoom(BOB, 1)).isInstanceOf(ApiException.class);
        assertThat(line.inside()).isEqualTo(2);
        admission.cancelAll();
        assertThat(cancelled).containsExactly("second");
        admission.close();
        assertThatThrownBy(() -> line.requireRoom(ANNA, 1)).isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private void refuses(ClientId client, int places, ErrorCode error) {
        assertThatThrownBy(() -> admission.requireRoom(client, places)).isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.error()).isEqualTo(error));
        int before = admission.inside();
        assertThatThrownBy(() -> admission.enter(client, places, () -> {})).isInstanceOf(ApiException.class);
        assertThat(admission.inside()).isEqualTo(before);
    }
}
