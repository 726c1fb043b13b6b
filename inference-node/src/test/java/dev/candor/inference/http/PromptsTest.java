package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PromptsTest {
    @Test
    @Timeout(60)
    void makesPromptsWhileAFormIsCompiled() throws Exception {
        CountDownLatch compiling = new CountDownLatch(1);
        CountDownLatch compiled = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                Prompts prompts = new Prompts(1)) {
            Future<String> form = clients.submit(() -> prompts.compile(() -> {
                compiling.countDown();
                compiled.await();
                return "form";
            }));
            compiling.await();
            assertThat(prompts.run(() -> "prompt")).isEqualTo("prompt");
            compiled.countDown();
            assertThat(form.get()).isEqualTo("form");
        }
    }
}
