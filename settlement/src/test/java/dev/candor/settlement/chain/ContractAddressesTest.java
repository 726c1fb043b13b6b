package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractAddressesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "8453,0xFbC2051AE2265686a469421b2C5A2D5462FbF5eB",
        "84532,0x240b09731D96979f50B2C649C9CE10FcF9C7987F"
    })
    void publicChainsAreBuiltIn(long chainId, String opg) {
        ContractAddresses found = new ContractAddressBook(folder).find(chainId).orElseThrow();
        assertThat(found.opg()).isEqualTo(EvmAddress.parse(opg));
        assertThat(found.json()).contains(opg);
        assertThat(found.anchor()).isEmpty();
        assertThat(found.permit2()).isEqualTo(ContractAddresses.PERMIT2);
        assertThat(found.uptoProxy()).isEqualTo(ContractAddresses.UPTO_PROXY);
    }

    @Test
    void aFileInTheFolderGoesBeforeTheBuiltInOne() throws Exception {
        ContractAddressBook book = new ContractAddressBook(folder);
        ContractAddresses mine = new ContractAddresses(
                8453, TestChain.STRANGER, Optional.of(TestChain.STRANGER), ContractAddresses.PERMIT2,
                ContractAddresses.UPTO_PROXY, ContractAddresses.EXACT_PROXY);
        book.save(mine);
        assertThat(book.find(8453)).contains(mine);
        assertThat(book.find(1)).isEmpty();
    }

    @Test
    void aMalformedFileIsNamed() throws Exception {
        Files.writeString(folder.resolve("5.json"), "{\"opg\":\"0x12\"}");
        assertThatThrownBy(() -> new ContractAddressBook(folder).find(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5.json")
                .hasMessageContaining("'opg'");
        Files.writeString(folder.resolve("6.json"), "{\"opgg\":\"0x12\"}");
        assertThatThrownBy(() -> new ContractAddressBook(folder).find(6)).hasMessageContaining("unknown contract 'opgg'");
    }
}
