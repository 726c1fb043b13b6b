package dev.candor.inference.limits;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the requests and tokens a minute of each client (token buckets). It remembers a bounded number of clients of each kind. To be forgotten is
 * no way out: only a client whose allowance is whole again is forgotten, which nobody's stays less than for a minute after his last request; and
 * while everybody remembered has used some of his, newcomers share the allowance of one client. Thread-safe.
 */
public final class RateLimits {
    /** Clients of each kind that are remembered; they take some 200 bytes each. */
    public static final int REMEMBERED = 16_384;

    private static final long NANOS_PER_MICRO = 1000;

    private final LongSupplier nanoTime;
    private final int remembered;
    private final Map<ClientId.Kind, LinkedHashMap<String, Account>> accounts = new EnumMap<>(ClientId.Kind.class);
    private final Map<ClientId.Kind, Account> crowds = new EnumMap<>(ClientId.Kind.class);

    /**
     * Everybody's allowance is whole.
     *
     * @param nanoTime   as {@link System#nanoTime()}
     * @param remembered clients of each kind
     */
    public RateLimits(LongSupplier nanoTime, int remembered) {
        this.nanoTime = nanoTime;
        this.remembered = remembered;
        for (ClientId.Kind kind : ClientId.Kind.values()) {
            accounts.put(kind, new LinkedHashMap<>(16, 0.75f, true));
            crowds.put(kind, new Account());
        }
    }

    /**
     * Takes one request from what its client may have.
     *
     * @param tokens that it may use at most
     * @return to be told how many it has used
     * @throws RateLimitedException if there is too little left; nothing is taken then
     */
    public Allowance take(ClientId client, RateLimit limit, long tokens) throws RateLimitedException {
        Account account = limit.limits() ? account(client) : new Account();
        account.take(limit, tokens, micros());
        return new Allowance(this, account, tokens);
    }

    /** Where a client stands now. */
    public Standing standing(ClientId client, RateLimit limit) {
        return (limit.limits() ? account(client) : new Account()).standing(limit, micros());
    }

    void give(Account account, long tokens) {
        account.give(tokens, micros());
    }

    private synchronized Account account(ClientId client) {
        LinkedHashMap<String, Account> known = accounts.get(client.kind());
        Account account = known.get(client.name());
        if (account != null) {
            return account;
        }
        if (known.size() >= remembered) {
            Map.Entry<String, Account> oldest = known.firstEntry();
            if (!oldest.getValue().whole(micros())) {
                return crowds.get(client.kind());
            }
            known.pollFirstEntry();
        }
        Account fresh = new Account();
        known.put(client.name(), fresh);
        return fresh;
    }

    /** Clients remembered. */
    public synchronized int size() {
        return accounts.values().stream().mapToInt(Map::size).sum();
    }

    private long micros() {
        return nanoTime.getAsLong() / NANOS_PER_MICRO;
    }
}
