package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class UserMessageTest {
    @Test
    void putsAllReasonsIntoOneLine() {
        assertThat(UserMessage.of(new IOException("no source gave it:\n  pip is missing;\n\n  or put the file there")))
                .isEqualTo("no source gave it: pip is missing; or put the file there");
    }

    @Test
    void saysWhatFileSystemsOnlyName() {
        assertThat(UserMessage.of(new AccessDeniedException("x"))).isEqualTo("no permission for x");
        assertThat(UserMessage.of(new NoSuchFileException("x"))).isEqualTo("there is no x");
        assertThat(UserMessage.of(new FileSystemException("x", null, "No space left on device"))).startsWith("the disk is full");
        assertThat(UserMessage.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
