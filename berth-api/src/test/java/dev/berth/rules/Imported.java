package dev.berth.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/// The compiled classes that rules are held against, as the class path of the running test has
/// them.
public final class Imported {
  private static final ImportOption MAIN =
      location -> !location.contains("/test-classes/") && !location.contains("-tests.jar");

  private static final DescribedPredicate<JavaClass> PLANTED =
      JavaClass.Predicates.resideInAPackage("dev.berth.rules.planted..");

  private Imported() {}

  /// Classes that ship, in `root` and below.
  public static JavaClasses shipped(String root) {
    return new ClassFileImporter().withImportOption(MAIN).importPackages(root);
  }

  /// Classes that ship and their tests, in `root` and below, but not the planted offences.
  public static JavaClasses everything(String root) {
    return new ClassFileImporter().importPackages(root).that(DescribedPredicate.not(PLANTED));
  }
}
