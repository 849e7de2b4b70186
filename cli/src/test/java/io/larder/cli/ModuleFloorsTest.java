package io.larder.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The floors of the modules. It lives here because the command line is the module that sees all.
 */
class ModuleFloorsTest {

  /** The home of an internal package: what stands before {@code .internal}. */
  private static final Pattern INTERNAL =
      Pattern.compile("(io\\.larder\\.\\w+)\\.internal(\\..*)?");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("io.larder");

  @Test
  void modules_importOnlyLowerFloors() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("engine")
        .definedBy("io.larder.engine..")
        .layer("tables")
        .definedBy("io.larder.tables..")
        .layer("provider")
        .definedBy("io.larder.jcache..")
        .layer("jdbc-driver")
        .definedBy("io.larder.jdbc..")
        .layer("cli")
        .definedBy("io.larder.cli..")
        .whereLayer("engine")
        .mayNotAccessAnyLayer()
        .whereLayer("tables")
        .mayOnlyAccessLayers("engine")
        .whereLayer("provider")
        .mayOnlyAccessLayers("tables", "engine")
        .whereLayer("jdbc-driver")
        .mayOnlyAccessLayers("tables", "engine")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void classes_liveInThePackageOfTheirModule() {
    classes()
        .should()
        .resideInAnyPackage(
            "io.larder.engine..",
            "io.larder.tables..",
            "io.larder.jcache..",
            "io.larder.jdbc..",
            "io.larder.cli..")
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("io.larder.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void internalPackages_areUsedOnlyByTheirModule() {
    classes().should(leaveInternalsOfOthersAlone()).check(CLASSES);
  }

  @Test
  void javaxCache_isKnownOnlyToProviderAndCli() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.larder.jcache..", "io.larder.cli..")
        .should()
        .dependOnClassesThat(resideInAPackage("javax.cache.."))
        .check(CLASSES);
  }

  @Test
  void javaSql_isKnownOnlyToDriverAndCli() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.larder.jdbc..", "io.larder.cli..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql.."))
        .check(CLASSES);
  }

  @Test
  void calcite_isKnownOnlyToDriver() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.larder.jdbc..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.calcite..", "org.codehaus.janino.."))
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

  private static ArchCondition<JavaClass> leaveInternalsOfOthersAlone() {
    return new ArchCondition<>("leave the internal packages of other modules alone") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          Optional<String> home = homeOfInternal(dependency.getTargetClass());
          if (home.isPresent() && !isInside(origin.getPackageName(), home.get())) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static Optional<String> homeOfInternal(JavaClass type) {
    Matcher matcher = INTERNAL.matcher(type.getBaseComponentType().getPackageName());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static boolean isInside(String packageName, String home) {
    return packageName.equals(home) || packageName.startsWith(home + ".");
  }
}
