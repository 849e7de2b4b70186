package io.larder.samples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** A sample shows what users may do, so it uses nothing that is not exported. */
class PublicApiTest {

  @Test
  void samples_useOnlyWhatIsExported() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.larder..internal..", "io.larder.cli..", "org.apache.calcite..")
        .check(
            new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("io.larder.samples"));
  }
}
