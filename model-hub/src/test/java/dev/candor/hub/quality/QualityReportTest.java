package dev.candor.hub.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityReportTest {
    private static final int[] TOKENS = {0, 1};

    @Test
    void aModelIsAsGoodAsItself() throws IOException {
        QualityReport.Logits model = tokens -> new float[] {1, 2, 3, 1, 0, -1};

        assertThat(QualityReport.compare(model, model, List.of(TOKENS, TOKENS))).isEqualTo(new QualityReport(4, 0, 1, 1));
    }

    @Test
    void addingAConstantToTheLogitsChangesNothing() throws IOException {
        QualityReport report = QualityReport.compare(tokens -> new float[] {1, 2, 3, 4}, tokens -> new float[] {101, 102, -7, -6}, List.of(TOKENS));

        assertThat(report.divergence()).isCloseTo(0, within(1e-6));
        assertThat(report.perplexityRatio()).isCloseTo(1, within(1e-6));
    }

    @Test
    void divergenceIsInNatsAndTopOneAShare() throws IOException {
        float half = (float) Math.log(0.5);
        float quarter = (float) Math.log(0.25);
        float most = (float) Math.log(0.75);
        QualityReport report = QualityReport.compare(
                tokens -> new float[] {quarter, most, half, half}, tokens -> new float[] {half, half, half, half}, List.of(TOKENS));

        double expected = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5);
        assertThat(report.divergence()).isCloseTo(expected / 2, within(1e-6));
        assertThat(report.topOne()).isEqualTo(0.5);
        assertThat(report.perplexityRatio()).isCloseTo(1.5, within(1e-5));
    }

    @Test
    void nothingToCompareAndDifferentVocabulariesAreRefused() {
        QualityReport.Logits model = tokens -> new float[] {1, 2, 3, 4};
        assertThatThrownBy(() -> QualityReport.compare(model, model, List.of())).hasMessageContaining("no text");
        assertThatThrownBy(() -> QualityReport.compare(model, tokens -> new float[6], List.of(TOKENS))).hasMessageContaining("one vocabulary");
    }
}
