package dev.candor.inference.openai;

import dev.candor.inference.structured.Grammar;

/**
 * What an answer's text must be.
 *
 * @param grammar of the whole text
 * @param param   the member of the request that asks for it, to be named if the grammar cannot be compiled
 */
public record OutputFormat(Grammar grammar, String param) {}
