package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** What only the operator may do: by a program on the node's own machine, or with the operator's token. */
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

    /** @throws ApiException 403 for anybody else; web pages, which send an origin, count as others */
    void require(Exchange exchange) throws ApiException {
        Optional<String> given = exchange.header("authorization").filter(header -> header.startsWith(BEARER)).map(header -> header.substring(BEARER.length()));
        boolean known = given.isPresent() && MessageDigest.isEqual(given.get().getBytes(StandardCharsets.UTF_8), token);
        if (!known && !exchange.fromOwnPrograms()) {
            throw new ApiException(ErrorCode.FORBIDDEN,
                    "Only the operator may do this: on the node's own machine, or with the token of operator.token as Authorization: Bearer.");
        }
    }
}
