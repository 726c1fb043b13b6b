package dev.candor.inference.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** What of an address tells one client from another. */
final class Network {
    /** Bytes of an IPv6 address that name a network; the rest its users choose as they like (RFC 4291, section 2.5.4). */
    private static final int NETWORK_BYTES = 8;

    private Network() {}

    /** An IPv4 address as it is, an IPv6 address as its network, {@code 2001:0db8:0000:0000::/64}. @param literal an address in digits */
    static String of(String literal) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return literal;
        }
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return address.getHostAddress();
        }
        StringBuilder text = new StringBuilder();
        byte[] bytes = address.getAddress();
        for (int i = 0; i < NETWORK_BYTES; i += 2) {
            text.append(HexFormat.of().formatHex(bytes, i, i + 2)).append(':');
        }
        return text.append(":/64").toString();
    }
}
