package dev.candor.inference.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/models, /v1/models, true",
        "/v1/models, /v1/models/x, false",
        "/v1/receipts/{id}/proof, /v1/receipts/rcpt_1/proof, true",
        "/v1/receipts/{id}/proof, /v1/receipts/a/b/proof, false",
        "/v1/models/{model*}, /v1/models/acme/tiny@1, true",
        "/v1/models/{model*}, /v1/models/, false",
        "/v2/models/{model*}/infer, /v2/models/acme/tiny/infer, true",
        "/v2/models/{model*}/infer, /v2/models/infer, false",
        "/a.b/{id}, /axb/1, false"
    })
    void aNameStandsForASegmentAndWithAnAsteriskForSeveral(String template, String path, boolean matches) {
        assertThat(new PathTemplate(template).pattern().matcher(path).matches()).isEqualTo(matches);
    }

    @Test
    void openApiKnowsNoAsterisks() {
        PathTemplate template = new PathTemplate("/v2/models/{model*}/versions/{version}");
        assertThat(template.documented()).isEqualTo("/v2/models/{model}/versions/{version}");
        assertThat(template.parameters()).containsExactly("model", "version");
        assertThat(template.open()).isFalse();
        assertThat(new PathTemplate("/log/{file*}").open()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/models", "/v1/*", "/v1/{Id}", "/v1/{id", "/v1/{}"})
    void whatIsNoTemplateIsRefused(String text) {
        assertThatThrownBy(() -> new PathTemplate(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(text);
    }
}
