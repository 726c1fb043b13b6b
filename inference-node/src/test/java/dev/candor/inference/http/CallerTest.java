package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "2001:db8:1:2:3:4:5:6, 2001:0db8:0001:0002::/64",
        "2001:db8:1:2:ffff::1, 2001:0db8:0001:0002::/64",
        "::1, 0:0:0:0:0:0:0:1",
        "::ffff:203.0.113.9, 203.0.113.9",
    })
    void allOfAnIpv6NetworkIsOneClient(String address, String network) {
        assertThat(Caller.address(address).name()).isEqualTo(network);
    }
}
