package dev.berth.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.Registry;
import dev.berth.rules.BerthRules;
import dev.berth.rules.ErrorStatuses;
import dev.berth.rules.Imported;
import dev.berth.rules.Levels;
import dev.berth.rules.LibraryOwners;
import dev.berth.storage.StoragePath;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The rules of the house, held against `berth-server`, and against `berth-storage` where only the
/// user of a class can tell.
///
/// The imported classes take a good part of the heap that all tests share, so they are fields of
/// one object, which is dropped when the last rule was held against them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {
  private static final String SERVER = "dev.berth.server";

  private final JavaClasses allShipped = Imported.shipped("dev.berth");
  private final JavaClasses shipped = allShipped.that(resideInAPackage(SERVER + ".."));
  private final JavaClasses everything = Imported.everything(SERVER);

  @Test
  void packagesUseOnlyLowerLevels() {
    new Levels(
            SERVER,
            Map.ofEntries(
                Map.entry(SERVER, 8),
                Map.entry(SERVER + ".doctor", 7),
                Map.entry(SERVER + ".events", 6),
                Map.entry(SERVER + ".audit", 6),
                Map.entry(SERVER + ".tracing", 6),
                Map.entry(SERVER + ".redis", 6),
                Map.entry(SERVER + ".http", 5),
                Map.entry(SERVER + ".debug", 5),
                Map.entry(SERVER + ".metrics", 5),
                Map.entry(SERVER + ".engine", 4),
                Map.entry(SERVER + ".cache", 4),
                Map.entry(SERVER + ".registry", 3),
                Map.entry(SERVER + ".token", 3),
                Map.entry(SERVER + ".policy", 3),
                Map.entry(SERVER + ".ldap", 3),
                Map.entry(SERVER + ".auth", 2),
                Map.entry(SERVER + ".health", 2),
                Map.entry(SERVER + ".log", 2),
                Map.entry(SERVER + ".load", 2),
                Map.entry(SERVER + ".store", 1),
                Map.entry(SERVER + ".outgoing", 1),
                Map.entry(SERVER + ".reload", 1)))
        .rule()
        .check(shipped);
  }

  @Test
  void httpSeesTheRegistryOnlyAsAnInterface() {
    BerthRules.neverUses(
            SERVER + ".registry..", SERVER + ".store..", SERVER + ".cache..", "dev.berth.storage..")
        .check(shipped.that(resideInAnyPackage(SERVER + ".http..", SERVER + ".engine..")));
  }

  @Test
  void storeAndRegistryKnowNoHttp() {
    BerthRules.neverUses("java.net.http..", "io.vertx..", "io.netty..", SERVER + ".engine..")
        .check(shipped.that(resideInAnyPackage(SERVER + ".store..", SERVER + ".registry..")));
  }

  @Test
  void librariesStayWithTheirOwners() {
    LibraryOwners.SHIPPED.rule().check(shipped);
  }

  @Test
  void whatIsPublicIsUsedElsewhere() {
    BerthRules.publicOnlyWhenUsedElsewhere(allShipped)
        .check(allShipped.that(resideInAnyPackage(SERVER + "..", "dev.berth.storage..")));
  }

  @Test
  void theOutsideComesInThroughMainAndWiring() {
    BerthRules.outsideOnlyThrough(Set.of(SERVER + ".Main", SERVER + ".Wiring")).check(shipped);
  }

  @Test
  void signaturesBlock() {
    BerthRules.blockingSignaturesOutside(SERVER + ".engine", SERVER + ".redis").check(shipped);
  }

  @Test
  void everyRegistryPassesTheContract() {
    BerthRules.contractTestFor(
            Registry.class.getName(), SERVER + ".registry.RegistryContract", everything)
        .check(shipped);
  }

  /// Beside the two tables: the engine refuses what is not HTTP before there is a request that
  /// could be answered, logs and traces tell failures from answers, 507 has no code of its own, and
  /// the doctor is a client, which is told of errors.
  @Test
  void errorStatusesStandInFewPlaces() {
    ErrorStatuses.onlyIn(
            Set.of(
                ErrorCode.class.getName(),
                SERVER + ".http.ErrorResponses",
                SERVER + ".http.AccessLog",
                SERVER + ".audit.AuditWitness",
                SERVER + ".doctor.WebAnswer",
                SERVER + ".debug.PlainAnswers",
                SERVER + ".registry.Faults",
                SERVER + ".tracing.TracedHandler",
                SERVER + ".engine.Answer",
                SERVER + ".engine.BodyTap",
                SERVER + ".engine.RequestRules",
                SERVER + ".engine.EngineExchange"))
        .check(shipped);
  }

  /// The tree walks into folders whose names it has just read; it invents none.
  @Test
  void onlyTheLayoutKnowsPaths() {
    BerthRules.pathsBuiltOnlyIn(
            StoragePath.class.getName(),
            Set.of(SERVER + ".store.StoreLayout", SERVER + ".store.RepositoryTree"))
        .check(shipped);
  }

  @Test
  void namesSayWhatThingsAre() {
    BerthRules.meaningfulNames().check(everything);
  }

  @Test
  void everyPackageIsNullMarked() {
    BerthRules.nullMarkedPackages().check(everything);
  }

  @Test
  void testsUseRealParts() {
    BerthRules.realPartsInTests().check(everything);
  }
}
