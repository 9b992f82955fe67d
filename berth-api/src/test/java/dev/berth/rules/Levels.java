package dev.berth.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Which package may use which: a class depends only on packages of lower levels, never on one of
/// its own level or above. So packages are free of cycles.
///
/// The world is closed: a class under the root whose package has no level fails.
public final class Levels {
  private final String root;
  private final Map<String, Integer> levels;

  /// @param root every package at or below it needs a level
  /// @param levels by full package name; a higher number may use a lower one
  public Levels(String root, Map<String, Integer> levels) {
    this.root = root;
    this.levels = Map.copyOf(levels);
  }

  /// The rule itself.
  public ArchRule rule() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(new Offences("use only packages of lower levels", this::climbs))
        .as("packages of " + root + " use only lower levels");
  }

  private Stream<String> climbs(JavaClass item) {
    return levelOf(item).isEmpty()
        ? Stream.of(item.getName() + " is in a package without a level: give it one")
        : item.getDirectDependenciesFromSelf().stream()
            .filter(this::climbs)
            .map(Dependency::getDescription);
  }

  private boolean climbs(Dependency dependency) {
    JavaClass origin = dependency.getOriginClass();
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    Optional<Integer> from = levelOf(origin);
    Optional<Integer> to = levelOf(target);
    return from.isPresent()
        && to.isPresent()
        && !origin.getPackageName().equals(target.getPackageName())
        && to.get() >= from.get();
  }

  private Optional<Integer> levelOf(JavaClass type) {
    return Optional.ofNullable(levels.get(type.getPackageName()));
  }
}
