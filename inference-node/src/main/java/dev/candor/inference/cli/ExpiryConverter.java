package dev.candor.inference.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time to come: after so many hours or days, at the end of a date, or at a time. */
final class ExpiryConverter implements ITypeConverter<Instant> {
    private static final Pattern AFTER = Pattern.compile("([1-9]\\d{0,4})([hd])");

    private final Clock clock = Clock.systemUTC();

    @Override
    public Instant convert(String text) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant when = when(text, now);
        if (!when.isAfter(now)) {
            throw new TypeConversionException(text + " is over already");
        }
        return when;
    }

    private static Instant when(String text, Instant now) {
        Matcher after = AFTER.matcher(text);
        if (after.matches()) {
            long amount = Long.parseLong(after.group(1));
            return now.plus(after.group(2).equals("h") ? Duration.ofHours(amount) : Duration.ofDays(amount));
        }
        try {
            return text.contains("T") ? Instant.parse(text) : LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(text + " is none of 12h, 30d, 2027-01-31 and 2027-01-31T12:00:00Z");
        }
    }
}
