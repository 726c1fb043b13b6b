package dev.candor.inference.text.jinja;

/**
 * How Python's {@code json.dumps} lays out a document.
 *
 * @param indent what one level is indented by, or null for a single line
 */
record JsonLayout(boolean asciiOnly, String indent, String itemSeparator, String keySeparator, boolean sortKeys) {
    private static final int WIDEST = 64;

    /** @param bound {@code ensure_ascii, indent, separators, sort_keys}, with Hugging Face's defaults */
    static JsonLayout of(Bound bound) {
        String indent = !bound.hasValue(1) ? null
                : bound.get(1) instanceof Value.Str text ? text.text() : " ".repeat(Math.clamp(bound.integer(1, 0), 0, WIDEST));
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        if (bound.hasValue(2)) {
            if (!(bound.get(2) instanceof Value.Sequence pair) || pair.items().size() != 2
                    || !(pair.items().get(0) instanceof Value.Str item) || !(pair.items().get(1) instanceof Value.Str key)) {
                throw new JinjaError("tojson() separators must be a pair of strings");
            }
            itemSeparator = item.text();
            keySeparator = key.text();
        }
        return new JsonLayout(bound.flag(0, false), indent, itemSeparator, keySeparator, bound.flag(3, false));
    }
}
