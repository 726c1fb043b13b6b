package dev.candor.inference.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
    private static final long MB = 1 << 20;

    @TempDir
    private Path root;

    @Test
    void isWhatLinuxCallsAvailable() throws IOException {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  1000 kB\nMemAvailable:    2097152 kB\n");

        assertThat(available()).hasValue(2048 * MB);
    }

    @Test
    void isLessWhereAControlGroupOrOneAboveAllowsLess() throws IOException {
        write("proc/meminfo", "MemAvailable:    2097152 kB\n");
        write("proc/self/cgroup", "0::/pod/one\n");
        write("sys/fs/cgroup/pod/one/memory.max", "max\n");
        write("sys/fs/cgroup/pod/memory.max", "1073741824\n");
        write("sys/fs/cgroup/pod/memory.current", "536870912\n");
        write("sys/fs/cgroup/pod/memory.stat", "anon 1\ninactive_file 104857600\nactive_file 5\n");

        assertThat(available()).hasValue(612 * MB);
    }

    @Test
    void knowsTheFirstVersionOfControlGroupsToo() throws IOException {
        write("proc/meminfo", "MemAvailable:    2097152 kB\n");
        write("proc/self/cgroup", "12:cpu,cpuacct:/x\n7:memory:/docker/abc\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "209715200\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "104857600\n");

        assertThat(available()).hasValue(100 * MB);
    }

    @Test
    void isNeverNegative() throws IOException {
        write("proc/meminfo", "MemAvailable:    2097152 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "100\n");
        write("sys/fs/cgroup/memory.current", "1000\n");

        assertThat(available()).hasValue(0);
    }

    @Test
    void withoutSuchFilesIsWhatOneIsTold() {
        assertThat(available()).hasValue(77);
        assertThat(new MachineMemory(root, OptionalLong.empty()).available()).isEmpty();
    }

    @Test
    void isNotMisledByFilesOfOtherForms() throws IOException {
        Random random = new Random(3);
        write("proc/meminfo", "MemAvailable:    2097152 kB\n");
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            Files.write(root.resolve("proc/self").resolve("cgroup"), noise);
            assertThat(available()).hasValue(2048 * MB);
        }
        write("proc/self/cgroup", "0::/../../../proc\n0\n::\n0::\n");
        assertThat(available()).hasValue(2048 * MB);
        write("proc/meminfo", "MemAvailable: 99999999999999999999999999 kB");
        assertThat(available()).hasValue(77);
    }

    private OptionalLong available() {
        return new MachineMemory(root, OptionalLong.of(77)).available();
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
