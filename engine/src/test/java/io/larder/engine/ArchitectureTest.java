package io.larder.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The floors of the engine, and what only the lowest of them may touch. */
class ArchitectureTest {

  private static final String ENGINE = "io.larder.engine";

  /** From the ground up; the packages of one line are siblings and do not know each other. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("spi"),
          List.of("api"),
          List.of("internal.codec", "internal.io"),
          List.of("internal.wal", "internal.memtable", "internal.table"),
          List.of("internal.manifest", "internal.merge"),
          List.of("internal.mvcc"),
          List.of("internal.disk", "internal.memory"),
          List.of("internal.backup", "internal.expiry", "internal.integrity"),
          List.of("internal.database"),
          List.of(""));

  private static final Map<String, Integer> FLOOR_BY_PACKAGE =
      IntStream.range(0, FLOORS.size())
          .boxed()
          .flatMap(floor -> FLOORS.get(floor).stream().map(name -> Map.entry(name, floor)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ENGINE);

  @Test
  void packages_importOnlyLowerFloors() {
    classes().should(importOnlyLowerFloors()).check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ENGINE + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void engine_needsOnlyTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(ENGINE + "..", "java..", "jdk.jfr..", "org.jspecify.annotations..")
                .and(resideOutsideOfPackages("java.sql..", "java.rmi..", "java.beans..")))
        .check(CLASSES);
  }

  @Test
  void files_areTouchedOnlyByInternalIo() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + ".internal.io..")
        .should()
        .dependOnClassesThat(
            named(
                "java.io.File",
                "java.io.FileInputStream",
                "java.io.FileOutputStream",
                "java.io.FileReader",
                "java.io.FileWriter",
                "java.io.RandomAccessFile",
                "java.nio.MappedByteBuffer",
                "java.nio.channels.AsynchronousFileChannel",
                "java.nio.channels.FileChannel",
                "java.nio.channels.FileLock",
                "java.nio.file.FileSystem",
                "java.nio.file.FileSystems",
                "java.nio.file.Files"))
        .because("every file goes through spi.FileSystem, so that tests can crash it")
        .check(CLASSES);
  }

  @Test
  void loggers_areLazy() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + ".internal.io..")
        .should()
        .accessTargetWhere(calls(Map.of("java.lang.System", Set.of("getLogger"))))
        .because("the first logger starts the logging system, which each opening would wait for")
        .check(CLASSES);
  }

  @Test
  void time_isReadOnlyThroughClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + ".internal.io..")
        .should()
        .accessTargetWhere(
            calls(
                Map.of(
                    "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
                    "java.lang.Thread", Set.of("sleep"),
                    "java.time.Instant", Set.of("now"),
                    "java.time.LocalDate", Set.of("now"),
                    "java.time.LocalDateTime", Set.of("now"),
                    "java.time.OffsetDateTime", Set.of("now"),
                    "java.time.ZonedDateTime", Set.of("now"))))
        .orShould()
        .dependOnClassesThat(named("java.time.Clock", "java.util.Date"))
        .because("all time comes from spi.Clock, so that tests can turn it")
        .check(CLASSES);
  }

  @Test
  void chance_isTakenOnlyByInternalIo() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + ".internal.io..")
        .should()
        .dependOnClassesThat(
            named(
                "java.util.Random",
                "java.util.SplittableRandom",
                "java.util.concurrent.ThreadLocalRandom",
                "java.security.SecureRandom"))
        .orShould()
        .accessTargetWhere(
            calls(
                Map.of(
                    "java.lang.Math", Set.of("random"),
                    "java.util.UUID", Set.of("randomUUID"),
                    "java.util.Collections", Set.of("shuffle"))))
        .because("a run with the same seed must repeat itself")
        .check(CLASSES);
  }

  @Test
  void output_goesThroughSystemLogger() {
    noClasses()
        .should()
        .accessTargetWhere(
            calls(
                Map.of(
                    "java.lang.System", Set.of("out", "err"),
                    "java.lang.Throwable", Set.of("printStackTrace"))))
        .orShould()
        .dependOnClassesThat(resideInAnyPackage("java.util.logging.."))
        .because("a library does not write to the console of its host")
        .check(CLASSES);
  }

  @Test
  void methods_areNotSynchronized() {
    noMethods()
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .because("a virtual thread that waits in a monitor pins its carrier: use ReentrantLock")
        .check(CLASSES);
  }

  @Test
  void packages_areNullMarked() {
    classes()
        .should(
            new ArchCondition<>("live in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getPackageName() + " lacks @NullMarked in package-info.java"));
                }
              }
            })
        .because("NullAway checks only what is marked")
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> importOnlyLowerFloors() {
    return new ArchCondition<>("import only lower floors of the engine") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        Optional<String> from = floorPackage(origin);
        if (from.isEmpty()) {
          events.add(
              SimpleConditionEvent.violated(
                  origin, origin.getPackageName() + " stands on no floor: add it to FLOORS"));
          return;
        }
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          Optional<String> to = floorPackage(dependency.getTargetClass());
          boolean allowed =
              to.isEmpty()
                  || to.equals(from)
                  || FLOOR_BY_PACKAGE.get(to.get()) < FLOOR_BY_PACKAGE.get(from.get());
          if (!allowed) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** The entry of FLOORS a class belongs to: its package or the nearest one above it. */
  private static Optional<String> floorPackage(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    if (name.equals(ENGINE)) {
      return Optional.of("");
    }
    if (!name.startsWith(ENGINE + ".")) {
      return Optional.empty();
    }
    String inside = name.substring(ENGINE.length() + 1);
    return FLOOR_BY_PACKAGE.keySet().stream()
        .filter(floor -> !floor.isEmpty())
        .filter(floor -> inside.equals(floor) || inside.startsWith(floor + "."))
        .findFirst();
  }

  private static DescribedPredicate<JavaClass> named(String... names) {
    Set<String> set = Set.of(names);
    return DescribedPredicate.describe(
        "are one of " + List.of(names),
        type -> set.contains(type.getBaseComponentType().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Map<String, Set<String>> members) {
    return DescribedPredicate.describe(
        "is one of " + members,
        access ->
            members.entrySet().stream()
                .filter(entry -> access.getTargetOwner().isAssignableTo(entry.getKey()))
                .anyMatch(entry -> entry.getValue().contains(access.getName())));
  }
}
