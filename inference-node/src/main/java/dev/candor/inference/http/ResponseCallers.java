package dev.candor.inference.http;

import dev.candor.inference.limits.ClientId;
import dev.candor.inference.openai.responses.ResponseCaller;
import java.util.Optional;

/** Tells whose stored responses a request may use. */
final class ResponseCallers {
    private ResponseCallers() {}

    /** Who asks, before it has paid or without paying. */
    static ResponseCaller of(Exchange exchange) {
        ClientId client = exchange.caller().client();
        Optional<String> key = client.kind() == ClientId.Kind.KEY ? Optional.of(client.name()) : Optional.empty();
        return new ResponseCaller(key, Optional.empty(), Caller.address(exchange.remoteHost()).name());
    }

    /** Who gets the answer to a request, once it is paid if it is to be. */
    static ResponseCaller of(ResponseCaller asked, Order order) {
        return new ResponseCaller(asked.key(), order.payment().map(paid -> Caller.payer(paid.key().payer()).name()), asked.address());
    }
}
