package dev.berth.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which package may use which library. The world is closed: what is not the JDK, not ours and not
/// in the table fails, so a new library shows up here before it spreads.
public final class LibraryOwners {
  /// The table for all that ships. A row is a package and the roots that it may use.
  public static final LibraryOwners SHIPPED =
      new LibraryOwners(
          "dev.berth",
          Map.ofEntries(
              Map.entry("dev.berth.oci.wire", List.of("com.fasterxml.jackson.core")),
              Map.entry("dev.berth.config", List.of("com.google.re2j")),
              Map.entry("dev.berth.config.load", List.of("org.yaml.snakeyaml")),
              Map.entry("dev.berth.server.http", List.of("com.fasterxml.jackson.core")),
              Map.entry("dev.berth.server.audit", List.of("com.fasterxml.jackson.core")),
              Map.entry("dev.berth.server.doctor", List.of("com.fasterxml.jackson.core")),
              Map.entry("dev.berth.server.registry", List.of("com.fasterxml.jackson.core")),
              Map.entry(
                  "dev.berth.server.auth",
                  List.of("org.bouncycastle.crypto", "com.github.benmanes.caffeine")),
              Map.entry(
                  "dev.berth.server.token",
                  List.of("com.nimbusds", "com.github.benmanes.caffeine")),
              Map.entry("dev.berth.server.ldap", List.of("com.unboundid")),
              Map.entry("dev.berth.server.outgoing", List.of("java.net.http")),
              Map.entry("dev.berth.server.health", List.of("java.net.http")),
              Map.entry(
                  "dev.berth.server.events",
                  List.of("java.net.http", "com.fasterxml.jackson.core")),
              Map.entry(
                  "dev.berth.server.load", List.of("java.net.http", "com.fasterxml.jackson.core")),
              Map.entry("dev.berth.server.metrics", List.of("io.prometheus.metrics")),
              Map.entry("dev.berth.server.tracing", List.of("io.opentelemetry")),
              Map.entry("dev.berth.server.engine", List.of("io.vertx", "io.netty")),
              Map.entry("dev.berth.server.redis", List.of("io.lettuce")),
              Map.entry("dev.berth.server.cache", List.of("com.github.benmanes.caffeine"))));

  /// Parts of the JDK that weigh as much as a library, and so need an owner like one.
  private static final List<String> HEAVY_JDK =
      List.of("java.net.http.", "java.sql.", "java.awt.", "java.rmi.", "javax.swing.");

  private static final List<String> EVERYWHERE = List.of("java.", "javax.", "org.jspecify.");

  private final String ours;
  private final Map<String, List<String>> owners;

  /// @param ours root of our own packages, free to use as far as this rule goes
  /// @param owners roots of libraries, by the full name of the package that may use them
  public LibraryOwners(String ours, Map<String, List<String>> owners) {
    this.ours = ours;
    this.owners = Map.copyOf(owners);
  }

  /// The rule itself.
  public ArchRule rule() {
    return classes()
        .should(new Offences("use only libraries that their package owns", this::foreignUses))
        .as("each library is used by the packages that own it, and by no other");
  }

  private Stream<String> foreignUses(JavaClass item) {
    return item.getDirectDependenciesFromSelf().stream()
        .filter(dependency -> !mayUse(item.getPackageName(), targetOf(dependency)))
        .map(Dependency::getDescription);
  }

  private static JavaClass targetOf(Dependency dependency) {
    return dependency.getTargetClass().getBaseComponentType();
  }

  private boolean mayUse(String user, JavaClass target) {
    String used = target.getName();
    boolean light = HEAVY_JDK.stream().noneMatch(used::startsWith);
    return target.isPrimitive()
        || used.startsWith(ours + ".")
        || (light && EVERYWHERE.stream().anyMatch(used::startsWith))
        || owners.getOrDefault(user, List.of()).stream()
            .anyMatch(root -> used.startsWith(root + "."));
  }
}
