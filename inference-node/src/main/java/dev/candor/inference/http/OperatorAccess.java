package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What only the operator may do: with the operator's token. Where a request comes from says nothing, since behind a reverse proxy on this machine
 * everybody comes from here.
 */
public final class OperatorAccess {
    private static final String BEARER = "Bearer ";

    private final byte[] token;

    /** @param token at least 32 characters, which only the operator knows */
    public OperatorAccess(String token) {
        if (token.length() < 32) {
            throw new IllegalArgumentException("an operator's token must have at least 32 characters");
        }
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws ApiException 403 for anybody else */
    void require(Exchange exchange) throws ApiException {
        Optional<String> given = exchange.header("authorization").filter(header -> header.startsWith(BEARER)).map(header -> header.substring(BEARER.length()));
        boolean known = given.isPresent() && MessageDigest.isEqual(given.get().getBytes(StandardCharsets.UTF_8), token);
        if (!known) {
            throw new ApiException(ErrorCode.FORBIDDEN,
                    "Only the operator may do this: send the token in the file operator.token of the node's home as Authorization: Bearer.");
        }
    }
}
