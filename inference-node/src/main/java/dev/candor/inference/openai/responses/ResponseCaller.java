package dev.candor.inference.openai.responses;

import java.util.Optional;

/**
 * Who asks, as far as a request shows it.
 *
 * @param key     the name of the operator's key that it carries
 * @param payer   the account that it says it is paid by
 * @param address where it comes from
 */
public record ResponseCaller(Optional<String> key, Optional<String> payer, String address) {
    private static final String KEY = "key ";
    private static final String PAYER = "payer ";
    private static final String ADDRESS = "address ";

    /** Whose a response is that this caller is given: the key's, else the payer's, else the address's. */
    public String owner() {
        return key.map(KEY::concat).or(() -> payer.map(PAYER::concat)).orElse(ADDRESS + address);
    }

    /**
     * Whether a response of {@code owner} is this caller's, who knows its id. A payer shows itself only when it pays: whoever asks without a payment
     * has to know the id alone, which is a secret of 192 bits.
     */
    boolean mayUse(String owner) {
        if (owner.startsWith(PAYER)) {
            return payer.map(PAYER::concat).orElse(owner).equals(owner);
        }
        return owner.startsWith(KEY) ? key.map(KEY::concat).filter(owner::equals).isPresent() : owner.equals(ADDRESS + address);
    }
}
