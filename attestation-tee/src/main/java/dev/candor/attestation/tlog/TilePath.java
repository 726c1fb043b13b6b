package dev.candor.attestation.tlog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of one tile or entry bundle, C2SP tlog-tiles.
 *
 * @param level {@link #ENTRIES} for an entry bundle, otherwise 0..{@value #MAX_LEVEL}, where 0 holds leaf hashes
 * @param index of the tile within its level
 * @param width hashes or entries in it, 1..256; less than 256 is a partial tile
 */
public record TilePath(int level, long index, int width) {
    /** The {@link #level} of entry bundles. */
    public static final int ENTRIES = -1;

    /** Hashes in a full tile, entries in a full bundle. */
    public static final int FULL = 256;

    /** A log of fewer than 2^63 entries has no tile above it. */
    public static final int MAX_LEVEL = 7;

    private static final int BITS = 8;
    private static final int GROUP = 1000;
    private static final int MAX_CHARS = 64;
    private static final long MAX_INDEX = Long.MAX_VALUE / FULL;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|[0-9])/((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** @throws IllegalArgumentException if a part is out of its range */
    public TilePath {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || index > MAX_INDEX || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no tile has level " + level + ", index " + index + " and width " + width);
        }
    }

    /**
     * Reads {@code tile/<L>/<N>[.p/<W>]} or {@code tile/entries/<N>[.p/<W>]}. Only the one spelling that C2SP allows of a
     * path is read, so that a path cannot lead anywhere else.
     *
     * @throws LogFormatException if it is anything else
     */
    public static TilePath parse(String path) throws LogFormatException {
        Matcher matcher = PATH.matcher(path.length() > MAX_CHARS ? "" : path);
        if (!matcher.matches()) {
            throw new LogFormatException("tile path: is not tile/<level>/<index>[.p/<width>]");
        }
        int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
        int width = matcher.group(4) == null ? FULL : Integer.parseInt(matcher.group(4));
        long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", "") + matcher.group(3));
        if (level > MAX_LEVEL || index > MAX_INDEX || matcher.group(4) != null && width >= FULL) {
            throw new LogFormatException("tile path: the level is at most " + MAX_LEVEL + " and a partial tile narrower than "
                    + FULL + ", got " + path);
        }
        TilePath tile = new TilePath(level, index, width);
        if (!tile.path().equals(path)) {
            throw new LogFormatException("tile path: " + path + " must be spelled " + tile.path());
        }
        return tile;
    }

    /** The tile of {@code level} at {@code index} in a log of {@code size} entries; empty tiles do not exist. */
    static TilePath at(int level, long index, long size) {
        return new TilePath(level, index, widthAt(level, index, size));
    }

    /** How much of the tile a log of {@code size} entries fills, 0..256. */
    static int widthAt(int level, long index, long size) {
        long hashes = size >>> (BITS * Math.max(level, 0));
        return (int) Math.clamp(hashes - index * FULL, 0, FULL);
    }

    /** The index of the tile of {@code level} that a log of {@code size} entries has begun or will begin next. */
    static long lastIndex(int level, long size) {
        int bits = BITS * (Math.max(level, 0) + 1);
        return bits < Long.SIZE ? size >>> bits : 0;
    }

    /** As it is served and stored. */
    public String path() {
        return fullPath() + (isPartial() ? ".p/" + width : "");
    }

    public boolean isPartial() {
        return width < FULL;
    }

    boolean isEntries() {
        return level == ENTRIES;
    }

    TilePath withWidth(int other) {
        return new TilePath(level, index, other);
    }

    /** The path of the full tile at this place. */
    String fullPath() {
        StringBuilder groups = new StringBuilder(String.format("%03d", index % GROUP));
        for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
            groups.insert(0, String.format("x%03d/", rest % GROUP));
        }
        return "tile/" + (isEntries() ? "entries" : level) + "/" + groups;
    }

    /** What a file of this path may hold at most, in bytes. */
    int maxBytes() {
        return isEntries() ? width * (Short.BYTES + EntryBundle.MAX_ENTRY_BYTES) : width * MerkleHash.BYTES;
    }
}
