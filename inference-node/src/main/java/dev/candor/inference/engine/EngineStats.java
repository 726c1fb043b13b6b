package dev.candor.inference.engine;

/**
 * The engine's load.
 *
 * @param tokensPerSecond tokens generated in the last ten seconds, divided by ten
 */
public record EngineStats(int running, int waiting, long promptTokens, long generatedTokens, double tokensPerSecond) {}
