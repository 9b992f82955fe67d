package dev.berth.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the documents of the repository name, held against the source tree: files that links lead
/// to, types, packages and paths. Looks at code in backticks only; of fenced blocks only at full
/// names of ours.
final class DocumentNames {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern FULL_NAME =
      Pattern.compile("\\b(dev\\.berth(?:\\.[a-z][a-z0-9]*)*)(?:\\.([A-Z]\\w*))?");

  /// Two humps, or one that is all of what stands in the backticks; not a part of a header field's
  /// name or of a flag.
  private static final Pattern TYPE =
      Pattern.compile(
          "(?<![\\w…:-])[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+(?![\\w-])|(?<=^@?)[A-Z][a-z]+$");

  private static final Pattern SUFFIX = Pattern.compile("…([A-Z]\\w*)");
  private static final Pattern PATH =
      Pattern.compile("^(?:\\./)?[.\\w-]+(?:/[.\\w-]+)*/?(?=[ *]|$)");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum|@interface)\\s+([A-Z]\\w*)");

  /// Words that look like types of ours and are none.
  private static final Set<String> NOT_OURS =
      Set.of(
          // The JDK, JSpecify and JUnit.
          "Duration",
          "Isolated",
          "ResourceLock",
          "IllegalStateException",
          "MessageDigest",
          "NullMarked",
          "Nullable",
          "Optional",
          "String",
          "ThreadLocal",
          // Kubernetes.
          "Always",
          "Certificate",
          "ContainerCreating",
          "CreateContainerConfigError",
          "IfNotPresent",
          "OnRootMismatch",
          "Pending",
          "PersistentVolume",
          "ReadWriteMany",
          "ReadWriteOnce",
          // Fields of HTTP.
          "Accept",
          "Allow",
          "Host",
          "Location",
          "Warning",
          // A line of /proc/PID/status.
          "VmRSS",
          // A kind of signature.
          "EdDSA",
          // What no type may be called.
          "Util",
          "Helper",
          "Manager",
          "Impl");

  /// Where paths of the store, of a volume or of the wire begin.
  private static final Set<String> NOT_OUR_FOLDERS =
      Set.of("berth", "docker", "registry-data", "application");

  private final Path top;
  private final Set<String> types = new HashSet<>();
  private final Set<String> packages = new HashSet<>();

  /// @param top the folder that holds the modules and the documents
  DocumentNames(Path top) throws IOException {
    this.top = top;
    for (Path root : roots(top)) {
      try (Stream<Path> entries = Files.walk(root)) {
        entries.forEach(entry -> learn(root, entry));
      }
    }
  }

  private static List<Path> roots(Path top) throws IOException {
    try (Stream<Path> modules = Files.list(top)) {
      return modules
          .flatMap(module -> Stream.of("src/main/java", "src/test/java").map(module::resolve))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private void learn(Path root, Path entry) {
    if (Files.isDirectory(entry)) {
      packages.add(root.relativize(entry).toString().replace('/', '.'));
    } else if (entry.toString().endsWith(".java")) {
      DECLARED.matcher(read(entry)).results().map(found -> found.group(1)).forEach(types::add);
    }
  }

  /// One sentence for each name in a document that stands for nothing.
  ///
  /// @param document relative to the top
  List<String> wrongIn(String document) {
    return wrongIn(document, read(top.resolve(document)));
  }

  List<String> wrongIn(String document, String text) {
    List<String> wrong = new ArrayList<>();
    each(LINK, text, link -> link.group(1), target -> leadsSomewhere(document, target), wrong);
    each(FULL_NAME, text, MatchResult::group, this::isFullName, wrong);
    String prose = FENCE.matcher(text).replaceAll("");
    for (String code : CODE.matcher(prose).results().map(found -> found.group(1)).toList()) {
      each(TYPE, code, MatchResult::group, this::isType, wrong);
      each(SUFFIX, code, found -> found.group(1), this::isSuffix, wrong);
      each(PATH, code, MatchResult::group, path -> isPath(document, path), wrong);
    }
    return wrong;
  }

  private static void each(
      Pattern pattern,
      String text,
      Function<MatchResult, String> part,
      Predicate<String> exists,
      List<String> wrong) {
    pattern
        .matcher(text)
        .results()
        .map(part)
        .filter(exists.negate())
        .forEach(name -> wrong.add("there is no " + name));
  }

  private boolean leadsSomewhere(String document, String target) {
    if (target.contains("://")) {
      return true;
    }
    String[] parts = target.split("#", 2);
    Path file = top.resolve(document);
    Path other = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    return Files.exists(other) && (parts.length == 1 || anchors(other).anyMatch(parts[1]::equals));
  }

  /// The names of a document's headings in links, as GitHub makes them.
  private static Stream<String> anchors(Path document) {
    return HEADING
        .matcher(read(document))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w -]", "").replace(' ', '-'));
  }

  private boolean isFullName(String name) {
    var parts = FULL_NAME.matcher(name);
    return parts.matches()
        && packages.contains(parts.group(1))
        && (parts.group(2) == null || types.contains(parts.group(2)));
  }

  private boolean isType(String name) {
    return types.contains(name) || NOT_OURS.contains(name);
  }

  private boolean isSuffix(String end) {
    return types.stream().anyMatch(type -> type.endsWith(end));
  }

  /// Paths of a store and of the wire are not of the repository; what a build makes need not be
  /// there.
  private boolean isPath(String document, String path) {
    String plain = path.startsWith("./") ? path.substring(2) : path;
    String first = plain.substring(0, Math.max(0, plain.indexOf('/')));
    boolean ours = path.startsWith("./") || !first.isEmpty();
    return !ours
        || document.endsWith("protocol.md")
        || document.endsWith("storage-format.md")
        || NOT_OUR_FOLDERS.contains(first.isEmpty() ? plain : first)
        || ((plain + "/").contains("/target/") && Files.isDirectory(top.resolve(first)))
        || Files.exists(top.resolve(plain));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
