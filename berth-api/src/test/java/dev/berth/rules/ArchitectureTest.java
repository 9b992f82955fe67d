package dev.berth.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules of the house, held against `berth-api`.
final class ArchitectureTest {
  private static final JavaClasses SHIPPED = Imported.shipped("dev.berth");
  private static final JavaClasses EVERYTHING = Imported.everything("dev.berth");

  @Test
  void packagesUseOnlyLowerLevels() {
    new Levels(
            "dev.berth",
            Map.of(
                "dev.berth.oci.wire", 2,
                "dev.berth.oci", 1,
                "dev.berth.config.load", 2,
                "dev.berth.config", 1))
        .rule()
        .check(SHIPPED);
  }

  @Test
  void configurationAndProtocolDoNotKnowEachOther() {
    BerthRules.neverUses("dev.berth.config..")
        .check(SHIPPED.that(JavaClass.Predicates.resideInAPackage("dev.berth.oci..")));
  }

  @Test
  void librariesStayWithTheirOwners() {
    LibraryOwners.SHIPPED.rule().check(SHIPPED);
  }

  @Test
  void nothingReachesOutside() {
    BerthRules.outsideOnlyThrough(Set.of()).check(SHIPPED);
  }

  @Test
  void signaturesBlock() {
    BerthRules.blockingSignaturesOutside("nowhere").check(SHIPPED);
  }

  @Test
  void errorStatusesStandInOneTable() {
    ErrorStatuses.onlyIn(Set.of("dev.berth.oci.ErrorCode")).check(SHIPPED);
  }

  @Test
  void namesSayWhatThingsAre() {
    BerthRules.meaningfulNames().check(EVERYTHING);
  }

  @Test
  void everyPackageIsNullMarked() {
    BerthRules.nullMarkedPackages().check(EVERYTHING);
  }

  @Test
  void testsUseRealParts() {
    BerthRules.realPartsInTests().check(EVERYTHING);
  }
}
