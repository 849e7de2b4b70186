package io.larder.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packages of the driver are floors, and Calcite lives on one of them only. */
class PackageFloorsTest {
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.larder.jdbc");
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("io.larder.jdbc.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void calcite_isNamedInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.larder.jdbc.internal.calcite")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.calcite..", "org.codehaus..", "com.google..")
        .check(classes);
  }

  @Test
  void planners_knowNothingOfEachOther() {
    for (String[] pair :
        new String[][] {
          {"recognise", "ddl"},
          {"recognise", "calcite"},
          {"ddl", "recognise"},
          {"ddl", "calcite"},
          {"calcite", "recognise"},
          {"calcite", "ddl"},
          {"metadata", "calcite"},
        }) {
      noClasses()
          .that()
          .resideInAPackage("io.larder.jdbc.internal." + pair[0])
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.larder.jdbc.internal." + pair[1])
          .check(classes);
    }
  }

  @Test
  void internals_doNotReachUp() {
    noClasses()
        .that()
        .resideInAPackage("io.larder.jdbc.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.larder.jdbc")
        .check(classes);
  }
}
