package dev.berth.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The rules that every module is held to, each a function so that its own test can point it at a
/// planted offence. [Levels], [LibraryOwners] and [ErrorStatuses] are the larger ones.
public final class BerthRules {
  private static final Pattern EMPTY_NAME = Pattern.compile(".*(Util|Utils|Helper|Manager|Impl)");
  private static final Pattern EMPTY_PACKAGE =
      Pattern.compile("(.*\\.)?(utils?|common|impl|misc|helpers?|managers?)(\\..*)?");

  /// What a process reads from outside or does to itself, as `Class.method`; `<init>` is `new`.
  private static final Set<String> OUTSIDE =
      Set.of(
          "java.lang.System.getenv",
          "java.lang.System.exit",
          "java.lang.Runtime.exit",
          "java.lang.Runtime.halt",
          "java.time.Instant.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.time.InstantSource.system",
          "java.util.UUID.randomUUID",
          "java.security.SecureRandom.<init>",
          "java.lang.Thread.sleep",
          "java.lang.Thread.<init>",
          "java.lang.ThreadLocal.<init>",
          "java.lang.ThreadLocal.withInitial");

  private BerthRules() {}

  /// No class is named for nothing, and no package is a drawer for what had no place.
  public static ArchRule meaningfulNames() {
    return classes()
        .should(
            new Offences(
                "be named for what they are",
                item ->
                    EMPTY_NAME.matcher(item.getSimpleName()).matches()
                            || EMPTY_PACKAGE.matcher(item.getPackageName()).matches()
                        ? Stream.of(item.getName() + " has a name that says nothing")
                        : Stream.empty()));
  }

  /// Every package says that its types are not null unless marked, so that NullAway reads it.
  public static ArchRule nullMarkedPackages() {
    return classes()
        .should(
            new Offences(
                "live in a package whose package-info says @NullMarked",
                item ->
                    item.getPackage().isAnnotatedWith(NullMarked.class)
                        ? Stream.empty()
                        : Stream.of(item.getPackageName() + " is not @NullMarked")));
  }

  /// Environment, exit, wall clock and randomness come in through few named classes, so that
  /// everything else can be run in a test. So do bare threads; those of `Thread.ofPlatform`, which
  /// have a name, anybody may start.
  ///
  /// @param allowed full names of those classes
  public static ArchRule outsideOnlyThrough(Set<String> allowed) {
    Set<String> doors = Set.copyOf(allowed);
    return classes()
        .should(
            new Offences(
                "leave environment, exit, clock, randomness and bare threads to " + doors,
                item ->
                    doors.contains(item.getName())
                        ? Stream.empty()
                        : item.getAccessesFromSelf().stream()
                            .filter(access -> OUTSIDE.contains(targetOf(access)))
                            .map(JavaAccess::getDescription)));
  }

  private static String targetOf(JavaAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  /// Our signatures block: no futures, no stages, no flows.
  ///
  /// @param adapters the packages that may speak the asynchronous language of a library
  public static ArchRule blockingSignaturesOutside(String... adapters) {
    return classes()
        .that()
        .resideOutsideOfPackages(adapters)
        .should(
            new Offences(
                "take and give values, not futures",
                item ->
                    item.getCodeUnits().stream()
                        .filter(BerthRules::promises)
                        .map(unit -> unit.getFullName() + " takes or gives a future")));
  }

  private static boolean promises(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream())
        .anyMatch(
            type ->
                type.isAssignableTo(Future.class)
                    || type.isAssignableTo(CompletionStage.class)
                    || type.getName().startsWith(Flow.class.getName() + "$"));
  }

  /// Passing the contract suite is the definition of done: each class that implements `contract`
  /// has a test that extends `suite` and carries its name.
  public static ArchRule contractTestFor(String contract, String suite, JavaClasses everything) {
    return classes()
        .that(assignableTo(contract))
        .and()
        .areNotInterfaces()
        .and()
        .areTopLevelClasses()
        .should(
            new Offences(
                "have a test that extends " + suite,
                item ->
                    everything.stream()
                            .filter(test -> test.isAssignableTo(suite))
                            .filter(test -> !test.getModifiers().contains(JavaModifier.ABSTRACT))
                            .anyMatch(test -> test.getSimpleName().contains(item.getSimpleName()))
                        ? Stream.empty()
                        : Stream.of(item.getName() + " has no test that extends " + suite)));
  }

  /// What is public is used from another package; everything else keeps to itself. Used is also
  /// what a public signature of the same package gives away, what is thrown, and what the launcher
  /// starts.
  ///
  /// @param users all classes that may use one that is checked
  public static ArchRule publicOnlyWhenUsedElsewhere(JavaClasses users) {
    return classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .areNotAssignableTo(Throwable.class)
        .should(
            new Offences(
                "be used from another package",
                item ->
                    isUsedElsewhere(users.get(item.getName()))
                            || item.tryGetMethod("main", String[].class).isPresent()
                        ? Stream.empty()
                        : Stream.of(item.getName() + " is public and used in its package only")));
  }

  private static boolean isUsedElsewhere(JavaClass item) {
    return item.getDirectDependenciesToSelf().stream()
        .map(Dependency::getOriginClass)
        .anyMatch(
            user -> !user.getPackageName().equals(item.getPackageName()) || givesAway(user, item));
  }

  private static boolean givesAway(JavaClass user, JavaClass item) {
    return !user.equals(item)
        && user.getModifiers().contains(JavaModifier.PUBLIC)
        && user.getCodeUnits().stream()
            .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
            .flatMap(
                unit ->
                    Stream.concat(
                        Stream.of(unit.getReturnType()), unit.getParameterTypes().stream()))
            .anyMatch(type -> type.getAllInvolvedRawTypes().contains(item));
  }

  /// Nothing uses these packages.
  ///
  /// @param unwanted packages, in the notation of ArchUnit, that nothing may use
  public static ArchRule neverUses(String... unwanted) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unwanted)
        .as("nothing uses " + String.join(", ", unwanted));
  }

  /// No mocking library, and no test that JUnit 5 would pass over in silence.
  public static ArchRule realPartsInTests() {
    return neverUses("org.mockito..", "org.easymock..", "org.junit", "junit..");
  }

  /// Paths in a store are built in one class, the twin of the document on the format.
  ///
  /// @param layouts full names of the classes that may
  public static ArchRule pathsBuiltOnlyIn(String pathType, Set<String> layouts) {
    Set<String> builders = Set.copyOf(layouts);
    return classes()
        .should(
            new Offences(
                "leave the building of paths to " + builders,
                item ->
                    builders.contains(item.getName())
                        ? Stream.empty()
                        : item.getAccessesFromSelf().stream()
                            .filter(access -> builds(access, pathType))
                            .map(JavaAccess::getDescription)));
  }

  private static boolean builds(JavaAccess<?> access, String pathType) {
    String name = access.getTarget().getName();
    return access.getTargetOwner().getName().equals(pathType)
        && (name.equals("<init>") || name.equals("resolve"));
  }
}
