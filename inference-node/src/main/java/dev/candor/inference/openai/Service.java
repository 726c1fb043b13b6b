package dev.candor.inference.openai;

import dev.candor.inference.engine.Priority;

/**
 * How an answer is to be made, none of which changes it.
 *
 * @param priority  {@code service_tier: "flex"} is {@link Priority#BATCH}
 * @param cacheSalt {@code cache_salt}, vLLM's: only requests of the same salt share cached prompts; empty for the common one
 */
public record Service(Priority priority, String cacheSalt) {}
