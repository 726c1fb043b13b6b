package dev.candor.inference.node;

import dev.candor.inference.config.CandorHome;
import java.util.regex.Pattern;

/**
 * Commands that a person can copy from the panel to another terminal, where they work as they are.
 *
 * @param url        of the node
 * @param requireKey whether it answers with a key only
 */
public record NextSteps(String url, CandorHome home, boolean requireKey) {
    private static final String STANDARD_URL = "http://127.0.0.1:8080";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.@%+=:,-]+");

    /** One command a line, without a line end after the last. */
    String text() {
        String folder = home.root().equals(CandorHome.standard().root()) ? "" : " --home " + quoted(home.root().toString());
        String node = url.equals(STANDARD_URL) ? "" : " --node " + url;
        String key = requireKey
                ? "  export CANDOR_API_KEY=$(./candor keys add me" + folder + ")   # this node answers with a key only\n"
                : "";
        return key
                + "  ./candor chat \"Write one sentence about the ocean.\"" + folder + node + "\n"
                + "  ./candor status" + folder + "\n"
                + "  ./candor proxy" + folder + node;
    }

    private static String quoted(String path) {
        return PLAIN.matcher(path).matches() ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
