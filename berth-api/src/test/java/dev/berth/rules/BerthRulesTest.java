package dev.berth.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Each rule, seen failing on an offence that is planted for it, and quiet where there is none.
final class BerthRulesTest {
  private static final String PLANTED = "dev.berth.rules.planted.";
  private static final JavaClasses HOUSE = Imported.everything("dev.berth.rules");

  @Test
  void anUpwardDependencyIsFound() {
    var rule = levels(Map.of("levels.low", 1, "levels.high", 2, "levels.lost", 1));

    assertThat(offences(rule, "levels"))
        .singleElement()
        .asString()
        .contains(PLANTED + "levels.low.Low", PLANTED + "levels.high.High");
  }

  @Test
  void aDependencyWithinALevelIsFound() {
    var rule = levels(Map.of("levels.low", 1, "levels.high", 1, "levels.lost", 1));

    assertThat(offences(rule, "levels")).anyMatch(offence -> offence.contains("High.below"));
  }

  @Test
  void aPackageWithoutLevelIsFound() {
    var rule = levels(Map.of("levels.low", 2, "levels.high", 2));

    assertThat(offences(rule, "levels"))
        .anyMatch(offence -> offence.contains("levels.lost.Lost is in a package without a level"));
  }

  @Test
  void aLibraryThatThePackageDoesNotOwnIsFound() {
    var strict = new LibraryOwners("dev.berth", Map.of()).rule();
    var owner =
        new LibraryOwners("dev.berth", Map.of(PLANTED + "library", List.of("org.yaml.snakeyaml")))
            .rule();

    assertThat(offences(strict, "library")).anyMatch(found -> found.contains("org.yaml.snakeyaml"));
    assertThat(offences(owner, "library"))
        .isNotEmpty()
        .allMatch(found -> found.contains("SpeaksHttp"));
  }

  @Test
  void aNameThatSaysNothingIsFound() {
    assertThat(offences(BerthRules.meaningfulNames(), "names")).hasSize(1);
    assertThat(offences(BerthRules.meaningfulNames(), "util")).hasSize(1);
    assertQuiet(BerthRules.meaningfulNames());
  }

  @Test
  void aPackageWithoutNullMarkIsFound() {
    assertThat(offences(BerthRules.nullMarkedPackages(), "unmarked")).hasSize(1);
    assertQuiet(BerthRules.nullMarkedPackages());
  }

  @Test
  void aHiddenClockAndAHiddenThreadAreFound() {
    ArchRule rule = BerthRules.outsideOnlyThrough(Set.of(PLANTED + "outside.Door"));

    assertThat(offences(rule, "outside"))
        .hasSize(2)
        .anyMatch(found -> found.contains("Instant.now"))
        .anyMatch(found -> found.contains("Thread.<init>"));
    assertThat(
            offences(
                BerthRules.outsideOnlyThrough(
                    Set.of(PLANTED + "outside.ReadsTheClock", PLANTED + "outside.StartsAThread")),
                "outside"))
        .isEmpty();
  }

  @Test
  void aFutureInASignatureIsFound() {
    assertThat(offences(BerthRules.blockingSignaturesOutside("nowhere"), "futures")).hasSize(1);
    assertThat(offences(BerthRules.blockingSignaturesOutside(PLANTED + "futures"), "futures"))
        .isEmpty();
  }

  @Test
  void anImplementationWithoutItsContractTestIsFound() {
    JavaClasses classes = planted("contract");
    ArchRule rule =
        BerthRules.contractTestFor(
            PLANTED + "contract.Bell", PLANTED + "contract.BellContract", classes);

    assertThat(offences(rule, "contract"))
        .singleElement()
        .asString()
        .contains("TinBell has no test");
  }

  @Test
  void aPublicTypeThatNobodyElseUsesIsFound() {
    assertThat(offences(BerthRules.publicOnlyWhenUsedElsewhere(planted("open")), "open"))
        .hasSize(1);
    assertThat(offences(BerthRules.publicOnlyWhenUsedElsewhere(planted("levels")), "levels"))
        .isEmpty();
  }

  @Test
  void anErrorStatusOutsideOfTheTableIsFound() {
    assertThat(offences(ErrorStatuses.onlyIn(Set.of()), "status"))
        .singleElement()
        .asString()
        .contains("Teapot.status");
    assertThat(offences(ErrorStatuses.onlyIn(Set.of(PLANTED + "status.Teapot")), "status"))
        .isEmpty();
  }

  @Test
  void aPathBuiltOutsideOfTheLayoutIsFound() {
    String place = PLANTED + "paths.Place";

    assertThat(offences(BerthRules.pathsBuiltOnlyIn(place, Set.of(place)), "paths"))
        .singleElement()
        .asString()
        .contains("KnowsTheFormat.tags");
  }

  @Test
  void aMockIsFound() {
    assertThat(offences(BerthRules.neverUses(PLANTED + "mocks.."), "mocking")).isNotEmpty();
    assertQuiet(BerthRules.realPartsInTests());
  }

  private static ArchRule levels(Map<String, Integer> below) {
    Map<String, Integer> full =
        below.entrySet().stream()
            .collect(Collectors.toMap(entry -> PLANTED + entry.getKey(), Map.Entry::getValue));
    return new Levels(PLANTED + "levels", full).rule();
  }

  private static List<String> offences(ArchRule rule, String plantedPackage) {
    return rule.allowEmptyShould(true)
        .evaluate(planted(plantedPackage))
        .getFailureReport()
        .getDetails();
  }

  private static JavaClasses planted(String plantedPackage) {
    return new ClassFileImporter().importPackages(PLANTED + plantedPackage);
  }

  private static void assertQuiet(ArchRule rule) {
    assertThat(rule.evaluate(HOUSE).getFailureReport().getDetails()).isEmpty();
  }
}
