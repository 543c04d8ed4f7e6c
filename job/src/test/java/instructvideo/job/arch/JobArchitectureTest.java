package instructvideo.job.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** With both modules on the class path: what runs on executors knows nothing of the driver. */
@AnalyzeClasses(packages = "instructvideo", importOptions = ImportOption.DoNotIncludeTests.class)
class JobArchitectureTest {

  @ArchTest
  static final ArchRule EXECUTORS_KNOW_NO_DRIVER =
      noClasses()
          .that()
          .resideOutsideOfPackage("instructvideo.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("instructvideo.job..", "com.typesafe..", "picocli..");

  @ArchTest
  static final ArchRule COMMANDS_DO_NOT_KNOW_ONE_ANOTHERS_PARTS =
      slices()
          .matching("instructvideo.job.(prepare|export|reference)..")
          .should()
          .notDependOnEachOther();
}
