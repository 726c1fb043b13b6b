package dev.candor.inference.structured;

import dev.candor.inference.structured.Term.Part;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Regular expressions of JSON Schema's formats. Each matches no text that is wrong; of the rare ones that are right it may leave some out. */
final class Formats {
    private static final String LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
    private static final String DATE = "(" + LEAP_YEAR + "-02-29|[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])))";
    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+\\-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private static final String N = "[0-9]{1,9}";
    private static final String DURATION_TIME = "T(" + N + "H(" + N + "M(" + N + "S)?)?|" + N + "M(" + N + "S)?|" + N + "S)";
    private static final String DURATION = "P((" + N + "D|" + N + "M(" + N + "D)?|" + N + "Y(" + N + "M(" + N + "D)?)?)(" + DURATION_TIME + ")?|"
            + DURATION_TIME + "|" + N + "W)";
    // Two hyphens in a row are left out: they begin names in Punycode, most of which are wrong.
    private static final String LABEL = "[A-Za-z0-9](-?[A-Za-z0-9]){0,31}";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,5}";
    // 64 characters before the @ and a name of the domain name system behind it: RFC 5321, 4.5.3.1.1 and 2.3.5.
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-]{1,20}";
    private static final String DOMAIN = LABEL + "(\\." + LABEL + "){0,1}\\.[A-Za-z]{2,24}";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";
    private static final String H = "[0-9A-Fa-f]{1,4}";
    private static final String IPV6 = "((" + H + ":){7}" + H + "|(" + H + ":){1,6}:" + H + "|(" + H + ":){1,5}(:" + H + "){2}|(" + H + ":){1,4}(:" + H
            + "){3}|(" + H + ":){1,3}(:" + H + "){4}|(" + H + ":){1,2}(:" + H + "){5}|" + H + ":(:" + H + "){6}|:(:" + H + "){1,7}|(" + H + ":){1,7}:|::)";
    private static final String UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
    private static final String URI_CHAR = "([A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
    private static final String URI_TAIL = "(\\?(" + URI_CHAR + "|[/?])*)?(#(" + URI_CHAR + "|[/?])*)?";
    private static final String AUTHORITY = "([A-Za-z0-9\\-._~!$&'()*+,;=]+@)?" + HOST + "(:[0-9]{1,5})?";
    private static final String URI = "[A-Za-z][A-Za-z0-9+.\\-]*:(//" + AUTHORITY + "(/" + URI_CHAR + "*)*|/?" + URI_CHAR + "+(/" + URI_CHAR + "*)*)" + URI_TAIL;

    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("date", DATE), Map.entry("time", TIME), Map.entry("date-time", DATE + "T" + TIME), Map.entry("duration", DURATION),
            Map.entry("email", ATOM + "(\\." + ATOM + "){0,2}@" + DOMAIN), Map.entry("hostname", HOST), Map.entry("ipv4", IPV4), Map.entry("ipv6", IPV6),
            Map.entry("uuid", UUID), Map.entry("uri", URI), Map.entry("json-pointer", "(/([^~/]|~[01])*)*"));
    private static final Set<String> UNSUPPORTED = Set.of("idn-email", "idn-hostname", "uri-reference", "iri", "iri-reference", "uri-template",
            "relative-json-pointer", "regex");

    private Formats() {}

    /** The regular expression of a format; empty for those that JSON Schema does not define, which say nothing of a value. */
    static Optional<String> pattern(Part part, String format) {
        if (UNSUPPORTED.contains(format)) {
            throw new SchemaProblem(part, "format", "the format " + format + " is not supported: use pattern");
        }
        return Optional.ofNullable(PATTERNS.get(format));
    }
}
