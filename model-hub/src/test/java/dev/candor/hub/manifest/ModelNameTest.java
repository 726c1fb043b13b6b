package dev.candor.hub.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {
    @Test
    void readsAndWritesTheSameText() {
        ModelName name = ModelName.parse("huggingfacetb/smollm2-135m-instruct@1");

        assertThat(name).isEqualTo(new ModelName("huggingfacetb", "smollm2-135m-instruct", "1"));
        assertThat(name).hasToString("huggingfacetb/smollm2-135m-instruct@1");
    }

    @Test
    void aModelMayBeCalledWithAndWithoutPublisherAndVersion() {
        assertThat(ModelName.spellings("me/x@1")).containsExactly("me/x@1", "me/x", "x@1", "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a@1", "a/b@", "A/b@1", "../b@1", "a/..@1", "a/b@1/2", "a/b@1@2", "a//b@1", "a/b c@1", ".a/b@1", "a/b@\u0661"})
    void refusesWhatWouldBeNoSafeFolderName(String text) {
        assertThatThrownBy(() -> ModelName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
