package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.config.CandorHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NextStepsTest {
    private static final String URL = "http://127.0.0.1:8080";

    @Test
    void areShortWhereEverythingIsAsStandard() {
        assertThat(new NextSteps(URL, CandorHome.standard(), false).text().lines()).containsExactly(
                "  ./candor chat \"Write one sentence about the ocean.\"",
                "  ./candor status",
                "  ./candor proxy");
    }

    @Test
    void nameAnotherHomeInEveryCommandAndAnotherUrlWhereOneIsTaken() {
        assertThat(new NextSteps("http://127.0.0.1:8101", new CandorHome(Path.of("/srv/candor")), false).text().lines()).containsExactly(
                "  ./candor chat \"Write one sentence about the ocean.\" --home /srv/candor --node http://127.0.0.1:8101",
                "  ./candor status --home /srv/candor",
                "  ./candor proxy --home /srv/candor --node http://127.0.0.1:8101");
    }

    @Test
    void beginWithAKeyWhereTheNodeNeedsOne() {
        assertThat(new NextSteps(URL, new CandorHome(Path.of("/srv/candor")), true).text().lines())
                .hasSize(4)
                .first().asString().startsWith("  export CANDOR_API_KEY=$(./candor keys add me --home /srv/candor)");
    }

    @Test
    void quoteAHomeThatAShellWouldTakeApart() {
        assertThat(new NextSteps(URL, new CandorHome(Path.of("/srv/it's $HOME")), false).text()).contains("./candor status --home '/srv/it'\\''s $HOME'\n");
    }
}
