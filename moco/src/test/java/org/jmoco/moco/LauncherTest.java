package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `./jmoco` and `bench/run` on machines with other JDKs than this one: copies of the scripts in a project that is
/// built already, and JDKs that only say what they were started with.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path temp;

    private Path project;
    private Path jdks;
    private final Map<String, String> environment = new HashMap<>();

    private record Result(int code, List<String> out, List<String> err) {}

    @BeforeEach
    void aBuiltProject() throws IOException {
        project = temp.resolve("project");
        jdks = Files.createDirectories(temp.resolve("jdks"));
        for (String file : List.of("jmoco", "bench/run", "launch/jdk.sh", "launch/jvm.args")) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.copy(Path.of("..").resolve(file), project.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String module : List.of(".", "moco")) {
            Files.createDirectories(project.resolve(module + "/src/main"));
            Files.writeString(project.resolve(module + "/pom.xml"), "");
        }
        Files.createDirectories(project.resolve("tornado-config/launch"));
        Files.createDirectories(project.resolve("moco/target"));
        Files.writeString(project.resolve("moco/target/jmoco.jar"), "");
        environment.put("JMOCO_JDKS", jdks.toString());
        environment.put("PATH", jdk("path", "17.0.15", true).resolve("bin") + ":/usr/bin:/bin");
        environment.put("HOME", temp.toString());
    }

    /// A JDK that prints what it is and its arguments.
    ///
    /// @param release whether it has the file in which JDKs say their version
    private Path jdk(String name, String version, boolean release) throws IOException {
        Path home = (name.equals("path") ? temp : jdks).resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"" + version
                        + "\" 2026-01-20' >&2; else echo \"" + name + "\" \"$@\"; fi\n");
        assertTrue(java.toFile().setExecutable(true));
        if (release) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"someone\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return home;
    }

    private Result run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("bash", project.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }

    private void fails(Result result, String... parts) {
        assertEquals(1, result.code(), result.toString());
        assertTrue(result.out().isEmpty() && result.err().size() == 1, result.toString());
        for (String part : parts) {
            assertTrue(result.err().getFirst().contains(part), result.err().getFirst());
        }
    }

    @Test
    void withJdk17AloneItSaysWhatIsNeededAndHowToGetIt() throws Exception {
        fails(
                run("jmoco", "doctor"),
                "jmoco: no fitting Java found, a JDK 25, update 25.0.3 or later is needed",
                temp.resolve("path") + " is Java 17.0.15",
                "sdk install java 25.0.3-tem",
                "JMOCO_JAVA_HOME");
    }

    @Test
    void anEarlyUpdateIsRefusedWithTheReason() throws Exception {
        Path early = jdk("early", "25.0.2", true);
        fails(
                run("jmoco", "doctor"),
                early + " is 25.0.2, and updates before 25.0.3 can corrupt arrays",
                "JDK-8377811",
                "install one");
        environment.put("JMOCO_JAVA_HOME", early.toString());
        fails(
                run("jmoco", "doctor"),
                "JMOCO_JAVA_HOME=" + early + " is not a JDK 25, update 25.0.3 or later",
                "25.0.2",
                "JDK-8377811");
    }

    /// As services and some containers start programs.
    @Test
    void homeNeedNotBeSet() throws Exception {
        environment.remove("HOME");
        environment.put("JMOCO_JAVA_HOME", jdk("a", "25.0.3", true).toString());
        assertEquals(0, run("jmoco", "doctor").code());
        environment.remove("JMOCO_JAVA_HOME");
        environment.remove("JMOCO_JDKS");
        Result result = run("jmoco", "doctor");
        assertTrue(result.err().stream().noneMatch(line -> line.contains("unbound")), result.toString());
    }

    @Test
    void aJreWithoutTheVectorModuleIsNotAskedForIt() throws Exception {
        Path jre = jdk("jre", "25.0.3", true);
        Files.writeString(jre.resolve("release"), "JAVA_VERSION=\"25.0.3\"\nMODULES=\"java.base java.desktop\"\n");
        Result result = run("jmoco", "doctor");
        assertEquals(0, result.code(), result.toString());
        assertTrue(
                result.out()
                        .getFirst()
                        .startsWith("jre --enable-native-access=ALL-UNNAMED -XX:Tier3DelayOn=100000 "
                                + "-XX:PerMethodTrapLimit=100000 "),
                result.toString());
    }

    /// Java takes the encoding of files' names from the locale.
    @Test
    void namesOfFilesMayHaveAnyLetterInTheLocaleOfC() throws Exception {
        Path java = jdk("a", "25.0.3", true).resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\necho \"$LC_ALL\"\n");
        environment.put("LC_ALL", "C");
        assertEquals(List.of("C.UTF-8"), run("jmoco", "doctor").out());
        environment.put("LC_ALL", "C.UTF-8");
        assertEquals(List.of("C.UTF-8"), run("jmoco", "doctor").out());
    }

    @Test
    void theNewestThatFitsIsTaken() throws Exception {
        jdk("a", "25.0.3", false);
        jdk("b", "25.0.10", true);
        jdk("c", "25.0.9", true);
        jdk("d", "26.0.1", true);
        environment.put("JAVA_HOME", jdk("e", "21.0.8", true).toString());
        Result result = run("jmoco", "pretrain", "--config", "a file.yaml");
        assertEquals(0, result.code(), result.toString());
        assertTrue(
                result.out().getFirst().startsWith("b @" + project.toRealPath().resolve("launch/jvm.args") + " "),
                result.toString());
        assertTrue(
                result.out()
                        .getFirst()
                        .endsWith("-jar " + project.toRealPath().resolve("moco/target/jmoco.jar")
                                + " pretrain --config a file.yaml"),
                result.toString());
    }

    @Test
    void theNamedOneComesFirst() throws Exception {
        jdk("newer", "25.0.4", true);
        Path named = jdk("named", "25.0.3+9", false);
        environment.put("JAVA_HOME", named.toString());
        environment.put("JMOCO_JAVA_OPTS", "-Xmx8g -Dx=1");
        assertTrue(run("jmoco", "doctor").out().getFirst().matches("named .* -Xmx8g -Dx=1 -jar .* doctor"));
        environment.put("JMOCO_JAVA_HOME", jdk("other", "25.0.3", true).toString());
        assertTrue(run("jmoco", "doctor").out().getFirst().startsWith("other "));
        environment.put("JMOCO_JAVA_HOME", temp.resolve("nothing").toString());
        fails(run("jmoco", "doctor"), temp.resolve("nothing") + " holds no JDK");
    }

    @Test
    void withoutMavenAndAJarItSaysThatMavenIsNeeded() throws Exception {
        jdk("fits", "25.0.3", true);
        Files.delete(project.resolve("moco/target/jmoco.jar"));
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of("bash", "sed", "awk", "head", "dirname", "readlink", "find")) {
            Files.createSymbolicLink(
                    tools.resolve(tool),
                    Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool));
        }
        environment.put("PATH", tools.toString());
        fails(run("jmoco", "doctor"), "Maven is needed to build jmoco the first time: install Maven 3.8 or later");
    }

    /// What the user wants of Maven stays, behind what keeps its libraries from drawing warnings of a JDK 25.
    @Test
    void mavenRunsOnTheJdkThatWasFoundWithoutItsWarnings() throws Exception {
        Path jdk = jdk("fits", "25.0.3", true);
        Path jar = project.resolve("moco/target/jmoco.jar");
        Files.delete(jar);
        Path maven = temp.resolve("path/bin/mvn");
        Files.writeString(maven, "#!/bin/sh\necho \"$JAVA_HOME $MAVEN_OPTS\" > " + temp + "/mvn\n: > " + jar + "\n");
        assertTrue(maven.toFile().setExecutable(true));
        environment.put("MAVEN_OPTS", "-Xmx1g");
        Result result = run("jmoco", "doctor");
        assertEquals(0, result.code(), result.toString());
        assertEquals(
                jdk + " --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Xmx1g",
                Files.readString(temp.resolve("mvn")).strip());
    }

    @Test
    void whatMpirunHasStartedDoesNotBuild() throws Exception {
        jdk("fits", "25.0.3", true);
        Files.delete(project.resolve("moco/target/jmoco.jar"));
        for (List<String> launcher : List.of(
                List.of("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK"),
                List.of("PMI_SIZE", "PMI_RANK", "MPI_LOCALRANKID"))) {
            environment.put(launcher.get(0), "2");
            environment.put(launcher.get(1), "0");
            environment.put(launcher.get(2), "0");
            fails(run("jmoco", "doctor"), "moco/target/jmoco.jar is missing or older than the sources", "mvn -B");
            environment.put(launcher.get(1), "1");
            environment.put(launcher.get(2), "1");
            Result second = run("jmoco", "doctor");
            assertEquals(1, second.code());
            assertEquals(List.of(), second.err());
            launcher.forEach(environment::remove);
        }
    }

    // ---- what the JVM keeps of a start ----

    /// A JDK that keeps something when it is asked to.
    private Path keeping(String name) throws IOException {
        Path home = jdk(name, "25.0.3", true);
        Files.writeString(
                home.resolve("bin/java"),
                "#!/bin/sh\nfor a in \"$@\"; do case $a in -XX:AOTCacheOutput=*) echo \"$@\" >> " + temp
                        + "/made; echo kept > \"${a#*=}\"; exit 0;; esac; done; echo \"$@\"\n");
        return home;
    }

    private List<String> made() throws IOException {
        return Files.exists(temp.resolve("made")) ? Files.readAllLines(temp.resolve("made")) : List.of();
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve("moco/target"))) {
            return files.filter(f -> f.getFileName().toString().startsWith("start-"))
                    .toList();
        }
    }

    private void assertUses(Result result, List<Path> kept) throws IOException {
        assertEquals(0, result.code(), result.toString());
        assertEquals(1, kept.size(), kept.toString());
        assertTrue(
                result.out()
                        .getFirst()
                        .contains(" -XX:AOTCache="
                                + project.toRealPath()
                                        .resolve("moco/target")
                                        .resolve(kept.getFirst().getFileName())
                                + " "),
                result.toString());
    }

    private static void assertUsesNothing(Result result) {
        assertEquals(0, result.code(), result.toString());
        assertFalse(result.out().getFirst().contains("AOTCache"), result.toString());
    }

    @Test
    void whatAStartLoadsIsKeptOnceForEachJarAndJdk() throws Exception {
        environment.put("JMOCO_JAVA_HOME", keeping("a").toString());
        Result first = run("jmoco", "doctor");
        assertUses(first, kept());
        assertEquals(
                List.of("jmoco: making later starts faster, once for this build ..."), first.err(), first.toString());
        assertTrue(made().getFirst().endsWith(" org.jmoco.moco.Rehearsal"), made().toString());
        Result second = run("jmoco", "doctor");
        assertUses(second, kept());
        assertEquals(List.of(), second.err());
        assertEquals(1, made().size());

        Path ofFirst = kept().getFirst();
        environment.put("JMOCO_JAVA_HOME", keeping("b").toString());
        assertEquals(0, run("jmoco", "doctor").code());
        assertEquals(2, kept().size());
        Files.writeString(jdks.resolve("b/release"), "JAVA_VERSION=\"25.0.4\"\n");
        assertEquals(0, run("jmoco", "doctor").code());
        assertEquals(3, kept().size());
        assertEquals(3, made().size());

        Files.setLastModifiedTime(
                project.resolve("moco/target/jmoco.jar"),
                FileTime.fromMillis(Files.getLastModifiedTime(ofFirst).toMillis() + 60_000));
        environment.put("JMOCO_JAVA_HOME", jdks.resolve("a").toString());
        run("jmoco", "doctor");
        assertEquals(4, made().size(), "the jar is newer");
    }

    /// It is the wish that is made most often, and no kernel runs.
    @Test
    void helpStartsWithoutTheVectorApiFromAFileOfItsOwn() throws Exception {
        environment.put("JMOCO_JAVA_HOME", keeping("a").toString());
        for (String[] words : new String[][] {{}, {"--help"}, {"pretrain", "-h"}, {"--version"}}) {
            Result help = run("jmoco", words);
            assertUses(help, kept());
            assertTrue(help.out().getFirst().startsWith("-XX:+UseSerialGC "), help.toString());
            assertTrue(help.out().getFirst().contains(" -Djmoco.columns=80 "), help.toString());
        }
        assertTrue(made().getFirst().endsWith(" org.jmoco.moco.Rehearsal help"), made().toString());
        assertTrue(run("jmoco", "pretrain", "--out", "help").out().getFirst().startsWith("@"));
        assertEquals(2, kept().size());
        assertEquals(2, made().size());
    }

    @Test
    void nothingIsKeptWhereItWouldBeInTheWay() throws Exception {
        environment.put("JMOCO_JAVA_HOME", keeping("a").toString());
        environment.put("JMOCO_START", "off");
        assertUsesNothing(run("jmoco", "doctor"));
        environment.remove("JMOCO_START");
        environment.put("OMPI_COMM_WORLD_SIZE", "2");
        assertUsesNothing(run("jmoco", "doctor"));
        environment.remove("OMPI_COMM_WORLD_SIZE");
        Path sdk = Files.createDirectories(temp.resolve("sdk"));
        Path arguments = project.resolve("tornado-config/launch/tornado-args");
        Files.writeString(arguments, "#!/bin/sh\necho -Dtornado=on\n");
        assertTrue(arguments.toFile().setExecutable(true));
        environment.put("TORNADOVM_HOME", sdk.toString());
        Result tornado = run("jmoco", "doctor");
        assertUsesNothing(tornado);
        assertTrue(tornado.out().getFirst().contains("-Dtornado=on"), tornado.toString());
        environment.remove("TORNADOVM_HOME");
        assertEquals(List.of(), kept());
        assertEquals(List.of(), made());
        run("jmoco", "doctor");
        environment.put("OMPI_COMM_WORLD_SIZE", "2");
        assertUses(run("jmoco", "doctor"), kept());
    }

    /// One that cannot be made is not tried again at each start.
    @Test
    void aJdkThatKeepsNothingIsAskedOnce() throws Exception {
        Path home = keeping("a");
        Files.writeString(
                home.resolve("bin/java"),
                Files.readString(home.resolve("bin/java"))
                        .replace("exit 0", "exit 1")
                        .replace("echo kept", "echo"));
        environment.put("JMOCO_JAVA_HOME", home.toString());
        assertUsesNothing(run("jmoco", "doctor"));
        Result second = run("jmoco", "doctor");
        assertUsesNothing(second);
        assertEquals(List.of(), second.err());
        assertEquals(1, made().size());
        assertEquals(1, kept().size());
    }

    @Test
    void aFolderThatCannotBeWrittenIsLeftAlone() throws Exception {
        environment.put("JMOCO_JAVA_HOME", keeping("a").toString());
        Path target = project.resolve("moco/target");
        assertTrue(target.toFile().setWritable(false));
        try {
            Assumptions.assumeFalse(Files.isWritable(target), "root writes everywhere");
            assertUsesNothing(run("jmoco", "doctor"));
            assertEquals(List.of(), made());
        } finally {
            assertTrue(target.toFile().setWritable(true));
        }
    }

    @Test
    void twoFirstStartsAtOnceBothRun() throws Exception {
        environment.put("JMOCO_JAVA_HOME", keeping("a").toString());
        List<Process> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ProcessBuilder builder = new ProcessBuilder(
                            "bash", project.resolve("jmoco").toString(), "doctor")
                    .redirectErrorStream(true)
                    .redirectOutput(temp.resolve("both" + i).toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            both.add(builder.start());
        }
        for (Process process : both) {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }
        for (int i = 0; i < 2; i++) {
            List<String> out = Files.readAllLines(temp.resolve("both" + i));
            assertTrue(out.getLast().contains(" -XX:AOTCache="), out.toString());
        }
        assertEquals(1, kept().size(), kept().toString());
    }

    @Test
    void theBenchmarksLookForAJdkInTheSameWay() throws Exception {
        jdk("early", "25.0.2", true);
        fails(run("bench/run", "--help"), "bench: no fitting Java found", "25.0.2", "JDK-8377811");
    }
}
