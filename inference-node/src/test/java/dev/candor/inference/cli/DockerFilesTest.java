package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** The container files agree with the build and with the command line; nothing here builds an image. */
class DockerFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("candor.root", ".."));
    private static final String INSTALLED = "/opt/candor/";

    private final Dockerfile dockerfile;
    private final Map<String, Object> compose;
    private final Document pom;

    DockerFilesTest() throws Exception {
        dockerfile = Dockerfile.parse(Files.readString(ROOT.resolve("docker/Dockerfile")));
        try (Reader yaml = Files.newBufferedReader(ROOT.resolve("docker/compose.yaml"))) {
            LoaderOptions strict = new LoaderOptions();
            strict.setAllowDuplicateKeys(false);
            compose = new Yaml(new SafeConstructor(strict)).load(yaml);
        }
        pom = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(ROOT.resolve("inference-node/pom.xml").toFile());
    }

    private String pom(String path) throws Exception {
        return XPathFactory.newDefaultInstance().newXPath().evaluate("/project/build" + path, pom).strip();
    }

    private String option(String name) {
        return Main.commandLine().getSubcommands().get("up").getCommandSpec().findOption(name).defaultValue();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> service() {
        return (Map<String, Object>) ((Map<String, Object>) compose.get("services")).get("node");
    }

    @SuppressWarnings("unchecked")
    private List<String> strings(String key) {
        return (List<String>) service().get(key);
    }

    @Test
    void copiesOnlyWhatTheContextOrAnEarlierStageHas() throws IOException {
        BuildContext context = BuildContext.of(ROOT);
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            for (Dockerfile.Instruction copy : stage.all("COPY")) {
                String from = copy.flags().get("from");
                List<String> words = copy.words();
                assertThat(words).as(copy.arguments()).hasSizeGreaterThanOrEqualTo(2);
                if (from != null) {
                    assertThat(dockerfile.hasStageBefore(stage, from)).as("stage " + from).isTrue();
                } else {
                    assertThat(words.subList(0, words.size() - 1)).as("in the build context").allMatch(context::holds);
                }
            }
        }
    }

    @Test
    void givesTheBuildEveryModuleAndWhatModulesReadOutsideOfThem() throws Exception {
        List<String> copied = dockerfile.stages().getFirst().all("COPY").stream().flatMap(copy -> copy.words().stream())
                .map(word -> word.replaceAll("/$", "")).toList();
        Document parent = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(ROOT.resolve("pom.xml").toFile());
        var modules = parent.getElementsByTagName("module");
        for (int i = 0; i < modules.getLength(); i++) {
            assertThat(copied).contains(modules.item(i).getTextContent().strip());
        }
        assertThat(copied).contains("pom.xml", "models");
    }

    @Test
    void leavesBuildOutputsAndEverythingElseOutOfTheContext() throws IOException {
        BuildContext context = BuildContext.of(ROOT);
        assertThat(List.of("inference-node/target", "bench/target/x.jar", ".git", "docs", "README.md", "settlement/contracts/node_modules/x"))
                .noneMatch(context::includes);
        assertThat(List.of("pom.xml", "inference-node/src/main", "docker/entrypoint.sh", "models/catalog.json")).allMatch(context::includes);
    }

    @Test
    void buildsAndRunsOnTheJavaThatTheBuildIsFor() throws Exception {
        Document parent = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(ROOT.resolve("pom.xml").toFile());
        String release = parent.getElementsByTagName("maven.compiler.release").item(0).getTextContent();
        assertThat(dockerfile.stages().getFirst().image()).contains("temurin-" + release);
        assertThat(dockerfile.last().image()).startsWith("eclipse-temurin:" + release + "-");
    }

    @Test
    void switchesTelemetryAndDownloadsOffAndSaysWhereTheStateIs() {
        Map<String, String> environment = dockerfile.last().environment();
        assertThat(environment).containsEntry("ORT_DISABLE_TELEMETRY", "1").containsEntry("RUST_FLAVOR", "cpu");
        assertThat(dockerfile.last().last("VOLUME").arguments()).isEqualTo(environment.get("CANDOR_HOME"));
        assertThat(strings("volumes")).containsExactly("state:" + environment.get("CANDOR_HOME"));
        assertThat(compose.get("volumes")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP).containsOnlyKeys("state");
    }

    @Test
    void runsAsAUserThatIsNotRoot() {
        Dockerfile.Stage image = dockerfile.last();
        String user = image.last("USER").arguments();
        assertThat(user).isNotBlank().doesNotStartWith("root").doesNotStartWith("0");
        int userAt = image.instructions().indexOf(image.last("USER"));
        assertThat(image.instructions().subList(userAt, image.instructions().size())).noneMatch(i -> i.keyword().equals("RUN"));
        assertThat(image.all("RUN").getFirst().arguments()).contains("useradd", user.substring(0, user.indexOf(':')),
                "install -d -o candor -g candor -m 0700 " + image.environment().get("CANDOR_HOME"));
        assertThat(strings("cap_drop")).containsExactly("ALL");
        assertThat(strings("security_opt")).contains("no-new-privileges:true");
    }

    @Test
    void exposesPublishesAndProbesTheDefaultPort() {
        String port = option("--port");
        assertThat(dockerfile.last().last("EXPOSE").arguments()).isEqualTo(port);
        assertThat(dockerfile.last().last("HEALTHCHECK").arguments()).contains("http://127.0.0.1:" + port + "/livez");
        assertThat(strings("ports")).containsExactly("127.0.0.1:" + port + ":" + port);
        assertThat(strings("command")).containsSequence("--port", port);
    }

    @Test
    void startsTheJarWhereTheBuildPutsItWithItsLibrariesBesideIt() throws Exception {
        String jar = pom("/finalName") + ".jar";
        Dockerfile.Stage image = dockerfile.last();
        List<List<String>> copies = image.all("COPY").stream().map(Dockerfile.Instruction::words).toList();
        String libraries = pom("//manifest/classpathPrefix");
        assertThat(copies).contains(List.of("/src/inference-node/target/" + jar, INSTALLED + jar),
                List.of("/src/inference-node/target/" + libraries, INSTALLED + libraries));
        assertThat(pom("//outputDirectory")).isEqualTo("${project.build.directory}/" + libraries.replaceAll("/$", ""));
        assertThat(pom("//manifest/mainClass")).isEqualTo(Main.class.getName());

        String entrypoint = image.last("ENTRYPOINT").exec().getFirst();
        assertThat(copies).contains(List.of("docker/entrypoint.sh", "/usr/local/bin/" + entrypoint));
        String script = Files.readString(ROOT.resolve("docker/entrypoint.sh"));
        assertThat(script).startsWith("#!/bin/sh\n").contains("exec java ", " -jar " + INSTALLED + jar + " \"$@\"");
        for (String flag : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")) {
            assertThat(script).contains(flag);
            assertThat(Files.readString(ROOT.resolve("candor"))).contains(flag);
        }
    }

    @Test
    void passesOptionsThatTheCommandLineHas() throws IOException {
        for (List<String> command : List.of(dockerfile.last().last("CMD").exec(), strings("command"))) {
            CommandLine.ParseResult parsed = Main.commandLine().parseArgs(command.toArray(String[]::new)).subcommand();
            assertThat(parsed.commandSpec().name()).isEqualTo("up");
            assertThat(parsed.matchedOptions()).isNotEmpty();
        }
        assertThat(service()).doesNotContainKey("entrypoint");
    }

    @Test
    void setsVariablesThatTheCommandLineReads() throws IOException {
        @SuppressWarnings("unchecked")
        Map<String, String> environment = (Map<String, String>) service().get("environment");
        OptionSources.install(Main.commandLine(), environment, List.of("up", "--home", "nowhere"));
        OptionSources.install(Main.commandLine(), dockerfile.last().environment(), List.of("up", "--home", "nowhere"));
        assertThat(environment).isNotEmpty();
    }

    @Test
    @SuppressWarnings("unchecked")
    void buildsTheImageFromTheRepositoryRoot() {
        Map<String, String> build = (Map<String, String>) service().get("build");
        Path context = ROOT.resolve("docker").resolve(build.get("context")).normalize();
        assertThat(context).isEqualTo(ROOT.normalize());
        assertThat(context.resolve(build.get("dockerfile"))).isRegularFile();
        assertThat(Optional.ofNullable(service().get("stop_grace_period"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUN true", "FROM a b c d", "FROM a\nADD x y", "FROM a\nRUN x \\", "FROM a\nfrom b", "FROM a\nONBUILD RUN x"})
    void doesNotPassOverWhatItDoesNotUnderstand(String text) {
        assertThatThrownBy(() -> Dockerfile.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
