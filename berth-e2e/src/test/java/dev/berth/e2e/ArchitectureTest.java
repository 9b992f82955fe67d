package dev.berth.e2e;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.berth.rules.BerthRules;
import dev.berth.rules.Imported;
import org.junit.jupiter.api.Test;

/// The rules of the house, held against the end-to-end tests.
final class ArchitectureTest {
  private static final JavaClasses EVERYTHING = Imported.everything("dev.berth.e2e");

  @Test
  void testsSeeTheProductOnlyFromOutside() {
    BerthRules.neverUses("dev.berth.server..", "dev.berth.storage..").check(EVERYTHING);
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
