package dev.candor.inference.limits;

/**
 * How much of a bounded line one client may have: with a share of a half, as much as the others have left free (dynamic thresholds: Choudhury and Hahne,
 * Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998). A client alone gets that share of all of it, two greedy ones a third each,
 * and there is always room for the next.
 *
 * @param percent 1 to 100; 100 lets one client have everything
 */
public record ClientShare(int percent) {
    /** Half. */
    public static final ClientShare HALF = new ClientShare(50);
    /** No bound on one client beside that on all. */
    public static final ClientShare WHOLE = new ClientShare(100);

    private static final int ALL = 100;

    /** @throws IllegalArgumentException if it is no share */
    public ClientShare {
        if (percent < 1 || percent > ALL) {
            throw new IllegalArgumentException("a client's share must be between 1 and 100 percent, got " + percent);
        }
    }

    /**
     * Whether a client may have more. Who has nothing may, if there is room at all.
     *
     * @param held   what it has
     * @param wanted what it wants beside that
     * @param free   what nobody has
     */
    public boolean allows(long held, long wanted, long free) {
        return wanted <= free && (held == 0 || (held + wanted) * (ALL - percent) <= free * percent);
    }
}
