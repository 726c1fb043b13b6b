package dev.candor.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.quality.QualityReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalsTest {
    private final Figures figures = new Figures();

    @Test
    void comparesDecodingOnlyWithPeersWhoseQualityWasMeasuredAndIsAsGood() {
        figures.add("candor-q8", Measures.decode(8), 300, 330, 310);
        figures.add("llama", Measures.decode(8), 200);
        figures.add("openvino", Measures.decode(8), 900);
        figures.add("unmeasured", Measures.decode(8), 9000);
        Outcome outcome = outcome(Map.of("candor-q8", quality(0.004), "llama", quality(0.003), "openvino", quality(0.3)));

        assertThat(goal(outcome, "decode at 8 streams, KL")).isEqualTo("1.55× (candor-q8 310, llama 200)|met");
    }

    @Test
    void saysWhatIsMissingInsteadOfJudging() {
        figures.add("candor-q8", Measures.PREFILL, 1000);

        assertThat(goal(outcome(Map.of()), "prefill at 512, KL")).endsWith("|not measured");
    }

    @Test
    void namesAMissedGoal() {
        figures.add("candor-q8", Measures.RESIDENT, 900);
        figures.add("candor-q8", Measures.WEIGHTS_AND_KV, 500);

        assertThat(goal(outcome(Map.of()), "candor-q8: memory")).isEqualTo("900 MiB = 500 + 400|MISSED");
    }

    private static String goal(Outcome outcome, String beginning) {
        Goal goal = new Goals(outcome).all().stream().filter(each -> each.what().startsWith(beginning)).findFirst().orElseThrow();
        return goal.value() + "|" + goal.verdict();
    }

    private Outcome outcome(Map<String, QualityReport> quality) {
        return new Outcome(
                List.of(named("candor-q8", true), named("llama", false), named("openvino", false), named("unmeasured", false)),
                figures, quality);
    }

    private static QualityReport quality(double divergence) {
        return new QualityReport(100, divergence, 0.9, 1);
    }

    private static Peer named(String name, boolean ours) {
        return new Named(new Profile(name, name, ours, true));
    }

    private record Named(Profile profile) implements Peer {
        @Override
        public void install() {}

        @Override
        public Running start() {
            throw new UnsupportedOperationException(name());
        }

        @Override
        public Optional<Long> weightBytes() {
            return Optional.empty();
        }
    }
}
