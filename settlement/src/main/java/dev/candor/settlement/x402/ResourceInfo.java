package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;

/** What a payment buys (x402 v2, section ResourceInfo). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResourceInfo(String url, String description, String mimeType) {}
