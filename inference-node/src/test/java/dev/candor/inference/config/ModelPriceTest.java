package dev.candor.inference.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPriceTest {
    @Test
    void readsOneAmountOrTwo() {
        assertThat(ModelPrice.parse("me/sums@1=5")).isEqualTo(new ModelPrice("me/sums@1", BigInteger.valueOf(5), BigInteger.ZERO));
        assertThat(ModelPrice.parse(" chat=1:20 ")).isEqualTo(new ModelPrice("chat", BigInteger.ONE, BigInteger.valueOf(20)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a=", "=1", "a=-1", "a=1:", "a=1:2:3", "a=1.5"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> ModelPrice.parse(text)).isInstanceOf(ConfigException.class).hasMessageContaining("--price must be NAME=INPUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"me/sums@1", "me/sums", "sums@1", "sums"})
    void isOfTheModelByAnyOfItsNames(String name) {
        assertThat(ModelPrice.parse(name + "=1").isOf("me/sums@1")).isTrue();
        assertThat(ModelPrice.parse(name + "x=1").isOf("me/sums@1")).isFalse();
    }
}
