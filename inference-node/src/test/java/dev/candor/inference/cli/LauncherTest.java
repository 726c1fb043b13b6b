package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a copy of the repository's outline, with a PATH of its own. */
@Timeout(240)
class LauncherTest {
    private static final List<String> TOOLS =
            List.of("bash", "dirname", "readlink", "sed", "awk", "find", "mkdir", "touch", "grep", "head", "rm", "mv", "cat", "sleep", "df", "env", "flock",
                    "cmp", "cp");

    @TempDir
    private Path folder;

    private Path root;
    private Path bin;
    private Path jdk;

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void layOutARepository() throws IOException {
        root = Files.createDirectory(folder.resolve("repo"));
        Path script = Files.copy(Path.of(System.getProperty("candor.root"), "candor"), root.resolve("candor"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(root.resolve("inference-node/src/main"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : TOOLS) {
            link(tool);
        }
        jdk = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        program(jdk.resolve("bin/java"), "echo \"java $*\"; echo \"telemetry off: $ORT_DISABLE_TELEMETRY\"");
        program(jdk.resolve("bin/javac"), "exit 0");
    }

    @Test
    void saysHowToGetAJdk() throws Exception {
        Outcome outcome = run(Map.of("CANDOR_JDK_FOLDERS", ""), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("no JDK 25").contains("adoptium").contains("CANDOR_JAVA_HOME");
    }

    @Test
    void passesOverAnOlderJdk() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");

        assertThat(run(Map.of("CANDOR_JDK_FOLDERS", jdk.toString()), "up").err()).contains("no JDK 25");
        assertThat(run(Map.of("CANDOR_JAVA_HOME", jdk.toString()), "up").err())
                .hasLineCount(1).contains("CANDOR_JAVA_HOME=" + jdk).contains("no JDK 25");
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Outcome outcome = run(withJdk(), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("Maven (mvn) is not on the PATH");
    }

    @Test
    void saysThatTheDiskIsFull() throws Exception {
        mvn("exit 0");
        Files.delete(bin.resolve("df"));
        program(bin.resolve("df"), "echo head; echo '/dev/x 100 90 10240 90% /'");

        assertThat(run(withJdk(), "up").err()).hasLineCount(1).contains("only 10 MiB free");
    }

    @Test
    void saysThatMavenHasNoNetwork() throws Exception {
        mvn("echo '[ERROR] Could not transfer artifact a:b:1 from/to central: Unknown host'; exit 1");

        Outcome outcome = run(withJdk(), "up");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("could not fetch a dependency: check the network");
    }

    @Test
    void buildsOnceAndAgainAfterAChange() throws Exception {
        mvn("echo built >> \"" + folder + "/builds\"; mkdir -p \"" + root + "/inference-node/target\"; touch \"" + root + "/inference-node/target/candor.jar\"");

        Outcome first = run(withJdk(), "up", "--free");
        run(withJdk(), "up");
        assertThat(Files.readAllLines(folder.resolve("builds"))).hasSize(1);
        Path changed = Files.writeString(root.resolve("inference-node/src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(2)));
        run(withJdk(), "up");

        assertThat(first.status()).isZero();
        assertThat(first.out()).contains("-jar " + root + "/inference-node/target/candor.jar up --free").contains("telemetry off: 1");
        assertThat(Files.readAllLines(folder.resolve("builds"))).hasSize(2);
    }

    @Test
    void buildsWithTheLibrariesForTheGpuThatIsThere() throws Exception {
        mvn("echo \"$*\" >> \"" + folder + "/builds\"; mkdir -p \"" + root + "/inference-node/target\"; touch \"" + root
                + "/inference-node/target/candor.jar\"");
        program(bin.resolve("nvidia-smi"), "echo 'GPU 0: Test'");
        Path cuda = Files.createDirectories(folder.resolve("cuda/lib64"));
        Map<String, String> environment = new HashMap<>(withJdk());
        environment.put("CUDA_HOME", cuda.getParent().toString());

        assertThat(run(environment, "up", "--device", "cpu").err()).doesNotContain("GPU");
        assertThat(run(environment, "up").err()).contains("there is a GPU here, but neither libcudart.so.12");
        Files.createFile(cuda.resolve("libcudart.so.13"));
        Files.createFile(cuda.resolve("libcublas.so.13"));
        run(environment, "up", "--device=cuda");
        run(environment, "status");
        run(environment, "up", "--device", "cpu");
        environment.put("CANDOR_CUDA", "12");
        run(environment, "bench", "gpu");
        environment.put("CANDOR_CUDA", "11");

        assertThat(run(environment, "up").err()).contains("CANDOR_CUDA=11").contains("12 or 13");
        assertThat(Files.readAllLines(folder.resolve("builds")))
                .satisfiesExactly(
                        first -> assertThat(first).doesNotContain("-Pcuda"),
                        second -> assertThat(second).contains("-Pcuda13"),
                        third -> assertThat(third).contains("-Pcuda12"));
    }

    @Test
    void installsTheSdkByTheJdkItFoundAndPrintsItsDependencies() throws Exception {
        Files.writeString(root.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n  <other><version>9</version></other>\n</project>\n");
        mvn("echo \"$JAVA_HOME $*\" >> \"" + folder + "/calls\"");

        Outcome outcome = run(withJdk(), "sdk", "-o");

        assertThat(outcome.status()).isZero();
        assertThat(Files.readAllLines(folder.resolve("calls"))).singleElement().asString()
                .startsWith(jdk + " ").endsWith("-DskipTests -pl client,client-langchain4j -am install -o");
        assertThat(outcome.out().lines().filter(line -> line.contains("<artifactId>") || line.contains("<version>")).map(String::strip)).containsExactly(
                "<artifactId>candor-client</artifactId>", "<version>1.2.3</version>",
                "<artifactId>candor-client-langchain4j</artifactId>", "<version>1.2.3</version>");
        mvn("echo '[ERROR] Could not transfer artifact a:b:1 from/to central: Unknown host'; exit 1");
        Outcome failed = run(withJdk(), "sdk");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("could not fetch a dependency");
    }

    @Test
    void tellsOneLineForEachFailedTestAndTheSum() throws Exception {
        String report = "<testsuite>\\n<testcase name=\\\"a\\\" classname=\\\"T\\\"/>\\n<testcase name=\\\"b\\\" classname=\\\"T\\\">\\n"
                + "<failure message=\\\"1 &lt; 2&#10;more\\\" type=\\\"x\\\">trace</failure>\\n</testcase>\\n"
                + "<testcase name=\\\"c\\\" classname=\\\"T\\\">\\n<skipped message=\\\"why\\\"/>\\n</testcase>\\n</testsuite>";
        mvn("mkdir -p \"" + root + "/inference-node/target/surefire-reports\"; touch \"" + root + "/inference-node/target/candor.jar\"\n"
                + "case \"$*\" in *package*) exit 0;; esac\n"
                + "printf \"" + report + "\" > \"" + root + "/inference-node/target/surefire-reports/TEST-T.xml\"; exit 1");

        Outcome outcome = run(withJdk(), "test");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out().lines()).containsExactly("FAILED T.b: 1 < 2", "1 passed, 1 failed, 1 skipped");
    }

    @Test
    void makesTheGoldensAnewBeforeItRunsTheTestsOfTheOracles() throws Exception {
        Path requirements = Files.createDirectories(root.resolve("oracles")).resolve("requirements.txt");
        Files.writeString(requirements, "some==1\n");
        Path quants = root.resolve("model-hub/src/test/resources/dev/candor/hub/importer/source/quants.json");
        Files.createDirectories(quants.getParent());
        Files.createFile(quants);
        for (String standard : List.of("inclusion", "consistency", "cose")) {
            Files.createFile(Files.createDirectories(root.resolve("oracles/standards")).resolve(standard + ".json"));
        }
        mvn("mkdir -p \"" + root + "/inference-node/target\"; touch \"" + root + "/inference-node/target/candor.jar\"\n"
                + "echo \"mvn $* with $CANDOR_ORACLES\" >> \"" + folder + "/calls\"");

        assertThat(run(withJdk(), "test", "--oracles").err()).contains("python3 is not on the PATH");

        Path python = bin.resolve("python3");
        program(python, "echo \"${0##*/} $*\" >> \"" + folder + "/calls\"\n"
                + "if [[ $2 == venv ]]; then mkdir -p \"$3/bin\"; cp \"$0\" \"$3/bin/python\"; fi\n"
                + "if [[ $2 == */gguf_quants.py ]]; then touch \"$3\"; fi\n"
                + "if [[ $2 == */standards.py ]]; then mkdir -p \"$3\"; touch \"$3/inclusion.json\" \"$3/consistency.json\" \"$3/cose.json\"; fi");
        assertThat(run(withJdk(), "test", "--oracles", "-X").status()).isZero();
        run(withJdk(), "test", "--oracles");

        Path target = root.resolve("target/oracles");
        String scripts = "python -B " + root + "/oracles/";
        List<String> made = List.of(
                scripts + "make.py " + target + "/golden",
                scripts + "exported.py " + target + "/exported " + root + "/oracles/golden/smollm2/hf",
                scripts + "gguf_quants.py " + target + "/quants.json",
                scripts + "standards.py " + target + "/standards",
                scripts + "compare.py " + target + "/golden " + root + "/oracles/golden",
                scripts + "compare.py " + target + "/exported " + root + "/oracles/exported");
        List<String> calls = Files.readAllLines(folder.resolve("calls")).stream().filter(line -> !line.contains("package")).toList();
        assertThat(calls).hasSize(16);
        assertThat(calls.subList(0, 2)).containsExactly("python3 -m venv " + target + "/venv", "python -m pip install -r " + requirements);
        assertThat(calls.subList(2, 8)).isEqualTo(made);
        assertThat(calls.get(8)).contains("-Dtest=*OracleTest,Golden*Test,Exported*Test,DequantizerTest").contains("-X with " + target + "/venv/bin/python");
        assertThat(calls.subList(9, 15)).isEqualTo(made);
    }

    private Map<String, String> withJdk() {
        return Map.of("CANDOR_JAVA_HOME", jdk.toString());
    }

    private void mvn(String body) throws IOException {
        program(bin.resolve("mvn"), body);
    }

    private static void program(Path file, String body) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void link(String tool) throws IOException {
        for (String place : List.of("/usr/bin", "/bin")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                Files.createSymbolicLink(bin.resolve(tool), Path.of(place, tool));
                return;
            }
        }
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("candor").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
