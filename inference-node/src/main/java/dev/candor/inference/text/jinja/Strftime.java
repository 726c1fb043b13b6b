package dev.candor.inference.text.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Python's {@code strftime} in the C locale. */
final class Strftime {
    private Strftime() {
    }

    static String format(ZonedDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char c = format.charAt(at);
            if (c != '%' || at + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char directive = format.charAt(++at);
            boolean unpadded = directive == '-' && at + 1 < format.length();
            String text = directive(time, unpadded ? format.charAt(++at) : directive);
            out.append(unpadded ? stripZeros(text) : text);
        }
        return out.toString();
    }

    private static String stripZeros(String text) {
        String stripped = text.replaceFirst("^0+", "");
        return stripped.isEmpty() && !text.isEmpty() ? "0" : stripped;
    }

    private static String directive(ZonedDateTime time, char directive) {
        return switch (directive) {
            case 'a' -> pattern(time, "EEE");
            case 'A' -> pattern(time, "EEEE");
            case 'b', 'h' -> pattern(time, "MMM");
            case 'B' -> pattern(time, "MMMM");
            case 'c' -> pattern(time, "EEE MMM ") + spaced(time.getDayOfMonth()) + pattern(time, " HH:mm:ss uuuu");
            case 'd' -> pattern(time, "dd");
            case 'D', 'x' -> pattern(time, "MM/dd/yy");
            case 'e' -> spaced(time.getDayOfMonth());
            case 'f' -> String.format("%06d", time.getNano() / 1000);
            case 'F' -> pattern(time, "uuuu-MM-dd");
            case 'H' -> pattern(time, "HH");
            case 'I' -> pattern(time, "hh");
            case 'j' -> pattern(time, "DDD");
            case 'm' -> pattern(time, "MM");
            case 'M' -> pattern(time, "mm");
            case 'n' -> "\n";
            case 'p' -> time.get(ChronoField.AMPM_OF_DAY) == 0 ? "AM" : "PM";
            case 'R' -> pattern(time, "HH:mm");
            case 's' -> Long.toString(time.toEpochSecond());
            case 'S' -> pattern(time, "ss");
            case 't' -> "\t";
            case 'T', 'X' -> pattern(time, "HH:mm:ss");
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'y' -> pattern(time, "yy");
            case 'Y' -> pattern(time, "uuuu");
            case 'z', 'Z' -> "";
            case '%' -> "%";
            default -> throw new JinjaError("strftime_now() does not know %" + directive);
        };
    }

    private static String spaced(int number) {
        return number < 10 ? " " + number : Integer.toString(number);
    }

    private static String pattern(ZonedDateTime time, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
