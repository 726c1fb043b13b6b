package dev.candor.inference.importer;

import dev.candor.hub.importer.source.ImportException;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.Tokenizer;
import dev.candor.inference.text.jinja.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Opens a new model's tokenizer and chat template, so that what the node could not serve is not imported. */
final class TextCheck {
    private final Path natives;

    /** @param natives folder of unpacked native libraries */
    TextCheck(Path natives) {
        this.natives = natives;
    }

    /** @throws ImportException if a file of {@code folder} is there and cannot be used; the message says why and what to do */
    void require(Path folder) throws IOException {
        Path tokenizer = folder.resolve("tokenizer.json");
        if (Files.exists(tokenizer)) {
            try (Tokenizer opened = HfTokenizer.open(tokenizer, natives)) {
                opened.encode("a");
            } catch (IOException e) {
                throw new ImportException("the tokenizer cannot be used: " + e.getMessage());
            }
        }
        Path template = folder.resolve("chat_template.jinja");
        if (Files.exists(template)) {
            try {
                JinjaChatTemplate.parse(Files.readString(template), Clock.systemUTC());
            } catch (TemplateException e) {
                throw new ImportException("the chat template cannot be used: " + e.getMessage() + "; give another by --chat-template");
            }
        }
    }
}
