package org.jmoco.moco;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.regex.Pattern;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.moco.pretrain.Timetable;
import org.jmoco.nn.optim.Schedule;
import org.jmoco.nn.train.Interrupts;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Op;
import org.junit.jupiter.api.Test;

/// Holds the arrows of the house: tensor ← nn ← eval ← moco.
class ArchitectureTest {
    /// Where tests are compiled to, whoever compiles them, and the jars of tests that other modules use.
    private static final Pattern TESTS = Pattern.compile(".*(/[a-z-]*test[a-z-]*/|-tests\\.jar!/)org/jmoco/.*");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.matches(TESTS))
            .importPackages("org.jmoco");

    @Test
    void layersUseOnlyWhatLiesBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
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

    /// Images and modules meet above, where something is trained or evaluated.
    @Test
    void dataAndModulesKnowNothingOfEachOther() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco.nn.data..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.jmoco.nn..").and(resideOutsideOfPackage("org.jmoco.nn.data..")))
                .check(CLASSES);
        noClasses()
                .that(resideInAPackage("org.jmoco.nn..")
                        .and(resideOutsideOfPackages("org.jmoco.nn.data..", "org.jmoco.nn.train..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jmoco.nn.data..")
                .check(CLASSES);
    }

    @Test
    void processesUseTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("org.jmoco.nn.processes..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.jmoco.nn.processes..", "java..", "jdk.incubator.vector..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.jmoco.nn.processes")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jmoco.nn.processes.mpi..")
                .check(CLASSES);
    }

    @Test
    void theTrainingLoopKnowsNothingOfWhatIsTrained() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco.nn.train..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.jmoco..")
                        .and(resideOutsideOfPackages(
                                "org.jmoco.nn.train..", "org.jmoco.nn.processes", "org.jmoco.tensor..")))
                .check(CLASSES);
    }

    /// Whatever trains says what a step is, and [org.jmoco.nn.train.TrainingLoop] takes the steps: nothing else does,
    /// and nothing else asks a schedule what the next one's learning rate is. Signals are heard in one place.
    @Test
    void theTrainingLoopIsTheOnlyOne() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.jmoco.nn.train..")
                .should()
                .callMethod(Training.Steps.class, "load")
                .orShould()
                .callMethod(Training.Steps.class, "take")
                .check(CLASSES);
        DescribedPredicate<JavaClass> schedules =
                assignableTo(Schedule.class).or(equivalentTo(Recipe.class)).or(equivalentTo(Timetable.class));
        noClasses()
                .that(not(schedules.or(enclosedIn(assignableTo(Training.class)))))
                .and()
                .haveNameNotMatching(
                        "org\\.jmoco\\.moco\\.(parity\\.Parity|forecast\\.TimeForecast)(\\$.*)?") // they measure steps
                .should()
                .callMethodWhere(target(owner(schedules)).and(target(nameMatching("at|lrAt|learningRate"))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.jmoco.nn.train..")
                .and()
                .doNotHaveFullyQualifiedName("org.jmoco.moco.command.Stoppable")
                .should()
                .dependOnClassesThat(equivalentTo(Interrupts.class))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Signal")
                .check(CLASSES);
    }

    /// Also of the classes in it.
    private static DescribedPredicate<JavaClass> enclosedIn(DescribedPredicate<JavaClass> what) {
        return DescribedPredicate.describe(
                "in a class that is " + what.getDescription(),
                type -> what.test(type)
                        || type.getEnclosingClass().map(enclosedIn(what)::test).orElse(false));
    }

    /// Who computes is said by whoever starts it, so that two of them can run side by side.
    @Test
    void librariesAreGivenTheirDevice() {
        noClasses()
                .that()
                .resideInAnyPackage("org.jmoco.nn..", "org.jmoco.eval..")
                .and()
                .doNotHaveFullyQualifiedName("org.jmoco.eval.extract.FeatureExtractor")
                .should()
                .callMethod(Device.class, "current")
                .because("a convenience constructor of FeatureExtractor alone takes the current device")
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
                .check(CLASSES);
    }

    /// What an op means, its shape and its gradient do not depend on how a backend computes it.
    @Test
    void meaningDoesNotKnowKernels() {
        noClasses()
                .that()
                .resideInAnyPackage("org.jmoco.tensor", "org.jmoco.tensor.ops..", "org.jmoco.tensor.plan..")
                .and()
                .haveNameNotMatching(".*(Jvm|Tornado)(\\$.*)?")
                .and()
                .doNotHaveFullyQualifiedName("org.jmoco.tensor.Device")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jmoco.tensor.backend.jvm..", "org.jmoco.tensor.backend.tornado..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("org\\.jmoco\\.tensor\\..*(Jvm|Tornado)(\\$.*)?")
                .because("Device alone makes a backend; kernels are called *Jvm and *Tornado")
                .check(CLASSES);
    }

    /// A kernel is found beside its op; what else a backend wants to know of an op, the op or its kernel tells.
    @Test
    void backendsNameNoOp() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco.tensor.backend..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.jmoco.tensor.ops..").and(assignableTo(Op.class)))
                .check(CLASSES);
    }

    @Test
    void theRoomsOfTheJvmBackendKnowOnlyThoseBeforeThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("runtime")
                .definedBy("org.jmoco.tensor.backend.jvm.runtime")
                .layer("lanes")
                .definedBy("org.jmoco.tensor.backend.jvm.lanes")
                .layer("products")
                .definedBy("org.jmoco.tensor.backend.jvm.products")
                .layer("convolution")
                .definedBy("org.jmoco.tensor.backend.jvm.convolution")
                .layer("backend")
                .definedBy("org.jmoco.tensor.backend.jvm")
                .whereLayer("backend")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("convolution")
                .mayOnlyBeAccessedByLayers("backend")
                .whereLayer("products")
                .mayOnlyBeAccessedByLayers("convolution", "backend")
                .whereLayer("lanes")
                .mayOnlyBeAccessedByLayers("products", "convolution", "backend")
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
                        "org\\.jmoco\\.tensor\\.backend\\.(jvm\\.JvmKernels|tornado\\.Kernels)|.*(Test|Reference)")
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

    /// What a run does never depends on the time of day: TensorBoard's events carry it, and `made.json`, which only
    /// the report's head shows. Pace and time left come from a clock that cannot be set.
    @Test
    void theClockOnTheWallIsOnlyWrittenDown() {
        noClasses()
                .that()
                .resideInAPackage("org.jmoco..")
                .and()
                .haveNameNotMatching("org\\.jmoco\\.(nn\\.train\\.RunLog|moco\\.report\\.MadeOn)")
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
