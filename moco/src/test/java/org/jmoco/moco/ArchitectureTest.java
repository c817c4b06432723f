package org.jmoco.moco;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Holds the arrows of the house: tensor ← nn ← eval ← moco.
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.jmoco");

    @Test
    void layersUseOnlyWhatLiesBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("tensor")
                .definedBy("org.jmoco.tensor..")
                .layer("nn")
                .definedBy("org.jmoco.nn..")
                .layer("eval")
                .definedBy("org.jmoco.eval..")
                .layer("moco")
                .definedBy("org.jmoco.moco..")
                .whereLayer("moco")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("eval")
                .mayOnlyBeAccessedByLayers("moco")
                .whereLayer("nn")
                .mayOnlyBeAccessedByLayers("eval", "moco")
                .check(CLASSES);
    }

    @Test
    void onlyTensorKnowsTornadoVm() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.jmoco.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("uk.ac.manchester..")
                .check(CLASSES);
    }

    @Test
    void tornadoVmStaysInItsKernelsAndItsBackend() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco.tensor..")
                .and()
                .resideOutsideOfPackage("org.jmoco.tensor.backend.tornado..")
                .and()
                .haveNameNotMatching(".*Tornado(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("uk.ac.manchester..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theVectorApiStaysBehindLanes() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco..")
                .and()
                .haveSimpleNameNotStartingWith("Vector")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .because("no other class may be loaded where the module is missing")
                .check(CLASSES);
    }

    @Test
    void librariesDoNotKnowTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.jmoco.moco..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.snakeyaml..")
                .check(CLASSES);
    }

    /// Kernels are found beside their ops by name; nothing else makes a class of a name, a file's least of all.
    @Test
    void noFileNamesAClassThatIsLoaded() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco..")
                .and()
                .haveNameNotMatching(
                        "org\\.jmoco\\.tensor\\.backend\\.(jvm\\.JvmBackend|tornado\\.TornadoBackend)|.*(Test|Reference)")
                .should()
                .callMethod(Class.class, "forName", String.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class)
                .orShould()
                .callMethod(ClassLoader.class, "loadClass", String.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.io.ObjectInputStream.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.naming..", "javax.script..", "java.rmi..", "java.beans..")
                .check(CLASSES);
    }

    /// What a run does never depends on the time of day: TensorBoard's events carry it, and nothing reads it back.
    /// Pace and time left come from a clock that cannot be set.
    @Test
    void theClockOnTheWallIsOnlyWrittenDown() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco..")
                .and()
                .haveNameNotMatching("org\\.jmoco\\.moco\\.pretrain\\.(TrainingLog|Pretraining)")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(java.time.ZonedDateTime.class, "now")
                .orShould()
                .callMethod(java.time.OffsetDateTime.class, "now")
                .orShould()
                .callConstructor(java.util.Date.class)
                .orShould()
                .callMethod(
                        java.nio.file.Files.class,
                        "getLastModifiedTime",
                        java.nio.file.Path.class,
                        java.nio.file.LinkOption[].class)
                .check(CLASSES);
    }
}
