package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FairShareTest {
    private final FairShare share = new FairShare();

    @Test
    void aNewClientStartsAtTheLeastOfThoseThatAreThere() {
        share.arrived("a");
        share.prompted("a", 1000);
        share.arrived("b");
        share.generated("b", 10);
        share.arrived("c");

        assertThat(share.served("b")).isEqualTo(1040);
        assertThat(share.served("c")).isEqualTo(1000);
    }

    @Test
    void leavingForAMomentLosesNoDebtAndSavesNoClaim() {
        share.arrived("a");
        share.arrived("b");
        share.prompted("a", 5000);
        share.prompted("b", 100);
        share.ended("a");
        share.arrived("a");
        assertThat(share.served("a")).isEqualTo(5000);

        share.ended("b");
        share.prompted("a", 5000);
        share.arrived("b");
        assertThat(share.served("b")).isEqualTo(10_000);
    }

    @Test
    void whoWorkedWhileNobodyElseWasThereOwesNothingToWhoComesLater() {
        share.arrived("a");
        share.prompted("a", 1_000_000);
        share.ended("a");
        share.arrived("b");
        share.prompted("b", 10);
        share.arrived("a");

        assertThat(share.served("b")).isEqualTo(1_000_010);
        assertThat(share.served("a")).isEqualTo(1_000_010);
    }

    @Test
    void forgetsClientsThatWereGoneLongest() {
        for (int i = 0; i < 5000; i++) {
            share.arrived("client " + i);
            share.prompted("client " + i, 1);
            share.ended("client " + i);
        }
        assertThat(share.size()).isLessThanOrEqualTo(1024);
    }

    @Test
    void whatIsDoneForAClientThatHasLeftIsNotCounted() {
        share.generated("nobody", 5);

        assertThat(share.served("nobody")).isZero();
        assertThat(share.size()).isZero();
    }
}
