package dev.berth.storage;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.berth.rules.BerthRules;
import dev.berth.rules.Imported;
import dev.berth.rules.Levels;
import dev.berth.rules.LibraryOwners;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules of the house, held against `berth-storage`.
final class ArchitectureTest {
  private static final JavaClasses SHIPPED = Imported.shipped("dev.berth.storage");
  private static final JavaClasses EVERYTHING = Imported.everything("dev.berth.storage");

  @Test
  void packagesUseOnlyLowerLevels() {
    new Levels(
            "dev.berth.storage",
            Map.of(
                "dev.berth.storage.filesystem", 2,
                "dev.berth.storage.memory", 2,
                "dev.berth.storage.watched", 2,
                "dev.berth.storage", 1))
        .rule()
        .check(SHIPPED);
  }

  @Test
  void storageKnowsNothingOfImages() {
    BerthRules.neverUses("dev.berth.oci..", "dev.berth.config..", "dev.berth.server..")
        .check(SHIPPED);
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
  void everyDriverPassesTheContract() {
    BerthRules.contractTestFor(
            StorageDriver.class.getName(), StorageDriverContract.class.getName(), EVERYTHING)
        .check(SHIPPED);
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
