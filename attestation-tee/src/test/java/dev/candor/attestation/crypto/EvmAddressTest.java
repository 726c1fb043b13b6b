package dev.candor.attestation.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.digest.Keccak256;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvmAddressTest {
    /** The examples of EIP-55. */
    @ParameterizedTest
    @ValueSource(strings = {
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
    })
    void checksumIsThatOfEip55(String checksummed) {
        assertThat(EvmAddress.parse(checksummed).checksummed()).isEqualTo(checksummed);
    }

    @Test
    void keccakOfNothingIsTheKnownValue() {
        assertThat(HexFormat.of().formatHex(Keccak256.hash()))
                .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }
}
