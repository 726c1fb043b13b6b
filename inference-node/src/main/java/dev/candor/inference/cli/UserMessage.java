package dev.candor.inference.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Collectors;

/** One line for a person out of an exception. */
final class UserMessage {
    private UserMessage() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileSystemException e when String.valueOf(e.getReason()).contains("No space left") ->
                "the disk is full: free some space near " + e.getFile();
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : oneLine(failure.getMessage());
        };
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
