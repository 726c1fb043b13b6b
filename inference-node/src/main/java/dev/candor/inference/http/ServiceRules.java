package dev.candor.inference.http;

import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Service;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How a request is to be served, read from its body and headers. Whose it is, for fairness among clients, the {@link ClientGuard} says; a reverse
 * proxy is one client unless it passes the node's keys on. Thread-safe.
 */
final class ServiceRules {
    /** Seconds from its arrival after which a request is ended with what there is, for example {@code 2.5}. */
    static final String TIMEOUT_HEADER = "Candor-Timeout";

    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}(\\.\\d{1,3})?");
    private static final long MOST_SECONDS = 86_400;

    private final LongSupplier nanoTime;

    /** @param nanoTime as {@link System#nanoTime()} */
    ServiceRules(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @throws ApiException if the header is no number of seconds above 0 and up to a day */
    ServiceTerms terms(Exchange exchange, Service service, Verification verification) throws ApiException {
        return new ServiceTerms(
                exchange.caller().client().toString(), service.priority(), deadline(exchange),
                verification == Verification.REPLAY, service.cacheSalt());
    }

    /** The same terms for whoever has paid. */
    static ServiceTerms paidBy(Passage.Paid payment, ServiceTerms terms) {
        return new ServiceTerms(
                payment.client().toString(), terms.priority(), terms.deadlineNanos(), terms.replay(), terms.cacheSalt());
    }

    /**
     * When a request is to be ended, on the clock of {@link System#nanoTime()}; empty where it does not say.
     *
     * @throws ApiException if the header is no number of seconds above 0 and up to a day
     */
    OptionalLong deadline(Exchange exchange) throws ApiException {
        Optional<String> header = exchange.header(TIMEOUT_HEADER);
        if (header.isEmpty()) {
            return OptionalLong.empty();
        }
        if (SECONDS.matcher(header.get()).matches()) {
            BigDecimal seconds = new BigDecimal(header.get());
            if (seconds.signum() > 0 && seconds.compareTo(BigDecimal.valueOf(MOST_SECONDS)) <= 0) {
                return OptionalLong.of(nanoTime.getAsLong() + seconds.movePointRight(9).longValueExact());
            }
        }
        throw new ApiException(ErrorCode.INVALID_VALUE, "The header " + TIMEOUT_HEADER + " must be a number of seconds above 0 and at most "
                + MOST_SECONDS + " with at most three decimals, for example 2.5.", TIMEOUT_HEADER);
    }

    /** The end of a request whose time was over before {@code what}. */
    static ApiException late(String what) {
        return new ApiException(ErrorCode.DEADLINE_EXCEEDED, "The time that " + TIMEOUT_HEADER + " allows was over before " + what
                + ": nothing was charged. Allow more, or try again when the queue is shorter.");
    }
}
