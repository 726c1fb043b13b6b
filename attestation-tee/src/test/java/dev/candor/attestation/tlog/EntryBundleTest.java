package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntryBundleTest {
    @Test
    void entriesFollowTheirBigEndianLength() {
        byte[] bundle = EntryBundle.encode(List.of(new byte[] {7}, new byte[0], new byte[258]));

        assertThat(bundle).startsWith(0, 1, 7, 0, 0, 1, 2).hasSize(2 + 1 + 2 + 2 + 258);
    }

    @Test
    void aBundleReadsBackAsItsEntries() throws Exception {
        List<byte[]> entries = LogSamples.entries(0, 256);

        assertThat(EntryBundle.decode(EntryBundle.encode(entries), 256)).containsExactlyElementsOf(entries);
    }

    @Test
    void theLongestEntryFitsAndALongerOneDoesNot() throws Exception {
        byte[] longest = new byte[EntryBundle.MAX_ENTRY_BYTES];

        assertThat(EntryBundle.decode(EntryBundle.encode(List.of(longest)), 1).getFirst()).isEqualTo(longest);
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[EntryBundle.MAX_ENTRY_BYTES + 1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }

    @Test
    void aBundleThatEndsEarlyOrLateIsRefused() {
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 1, 7}, 2)).hasMessageContaining("1 entries, not 2");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 1, 7, 0}, 2)).hasMessageContaining("within the length of entry 1");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 3, 7}, 1)).hasMessageContaining("states 3 bytes, but 1");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 1, 7, 0, 0}, 1)).hasMessageContaining("2 bytes after its 1");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[0], 1)).isInstanceOf(LogFormatException.class);
    }
}
