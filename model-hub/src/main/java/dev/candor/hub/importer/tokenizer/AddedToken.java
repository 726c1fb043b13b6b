package dev.candor.hub.importer.tokenizer;

/**
 * A token that is looked for in a text before anything else is done to it.
 *
 * @param content as it stands in texts
 * @param special whether it is a mark, which answers do not show
 */
record AddedToken(int id, String content, boolean special) {}
