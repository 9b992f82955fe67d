package dev.berth.config.load;

import dev.berth.config.DataSize;
import dev.berth.config.Glob;
import dev.berth.config.HealthConfig;
import dev.berth.config.ListenAddress;
import dev.berth.config.Secret;
import dev.berth.config.UrlPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The kinds of value that `config.yml` holds.
final class ValueTypes {
  static final ValueType<Boolean> BOOLEAN =
      new ValueType<>(
          "true or false without quotes", false, ValueTypes::bool, v -> v ? "true" : "false");
  static final ValueType<String> TEXT =
      new ValueType<>("a text", false, ValueTypes::text, ValueTypes::yaml);
  static final ValueType<Secret> SECRET =
      new ValueType<>("a text", true, n -> new Secret(text(n)), Secret::toString);
  static final ValueType<Integer> INTEGER =
      new ValueType<>("a whole number", false, ValueTypes::integer, String::valueOf);
  static final ValueType<Duration> DURATION =
      new ValueType<>(
          "a time such as 168h, 1m30s or 10ms",
          false,
          n -> GoDuration.parse(text(n)),
          GoDuration::format);
  static final ValueType<DataSize> SIZE =
      new ValueType<>(
          "a size such as 64KiB, 4MiB or a number of bytes",
          false,
          n -> DataSize.parse(text(n)),
          DataSize::toString);
  static final ValueType<ListenAddress> ADDRESS =
      new ValueType<>(
          "an address such as :5000, 127.0.0.1:5000 or [::1]:5000",
          false,
          n -> ListenAddress.parse(text(n)),
          a -> yaml(a.toString()));
  static final ValueType<Path> PATH =
      new ValueType<>("a path", false, n -> Path.of(text(n)), p -> yaml(p.toString()));
  static final ValueType<URI> ADDRESS_URI =
      new ValueType<>(
          "an address such as https://registry.example.com",
          false,
          n -> URI.create(text(n)),
          u -> yaml(u.toString()));

  /// Of something that is looked at, which may want a login.
  static final ValueType<URI> PROBED_URI =
      new ValueType<>(
          ADDRESS_URI.expected(),
          true,
          ADDRESS_URI.parser(),
          u -> yaml(HealthConfig.HttpCheck.shown(u)));

  static final ValueType<UrlPattern> URL_PATTERN =
      new ValueType<>(
          "a regular expression", false, n -> new UrlPattern(text(n)), p -> yaml(p.expression()));
  static final ValueType<Glob> REPOSITORIES =
      new ValueType<>(
          "a pattern of repositories",
          false,
          n -> Glob.ofRepositories(text(n)),
          g -> yaml(g.text()));
  static final ValueType<Glob> TAGS =
      new ValueType<>("a pattern of tags", false, n -> Glob.ofTags(text(n)), g -> yaml(g.text()));
  static final ValueType<Map<String, String>> TEXTS = mapOf(TEXT);
  static final ValueType<Map<String, List<String>>> HEADERS = mapOf(listOf(TEXT));

  private static final ValueType<String> HIDDEN_TEXT =
      new ValueType<>("a text", true, ValueTypes::text, _ -> Secret.HIDDEN);

  /// Header fields that we send and that may hold a login.
  static final ValueType<Map<String, List<String>>> SECRET_HEADERS =
      new ValueType<>(
          HEADERS.expected(), true, mapOf(listOf(HIDDEN_TEXT)).parser(), _ -> Secret.HIDDEN);

  /// Whatever stands there, for parts that are not read.
  static final ValueType<Node> ANYTHING =
      new ValueType<>("a value", true, n -> n, _ -> "(not read)");

  private ValueTypes() {}

  /// One of an enum's constants, in lower case.
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String names =
        Arrays.stream(constants).map(ValueTypes::lower).collect(Collectors.joining(" or "));
    return new ValueType<>(names, false, n -> constant(constants, text(n)), ValueTypes::lower);
  }

  static <T> ValueType<List<T>> listOf(ValueType<T> element) {
    return new ValueType<>(
        "a list, each " + element.expected(),
        element.hidden(),
        n -> list(n, element),
        v -> v.stream().map(element.printer()::print).collect(Collectors.joining(", ", "[", "]")));
  }

  /// One value, or a list of them.
  static <T> ValueType<List<T>> someOf(ValueType<T> element) {
    ValueType<List<T>> list = listOf(element);
    return new ValueType<>(
        element.expected() + ", or a list of these",
        element.hidden(),
        n -> n instanceof Node.Scalar ? List.of(element.parse(n)) : list.parse(n),
        list.printer());
  }

  static <T> ValueType<Map<String, T>> mapOf(ValueType<T> element) {
    return new ValueType<>(
        "a map of names to " + element.expected(),
        element.hidden(),
        n -> map(n, element),
        v ->
            v.entrySet().stream()
                .map(e -> yaml(e.getKey()) + ": " + element.printer().print(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}")));
  }

  private static String text(Node node) {
    if (node instanceof Node.Scalar scalar && !scalar.isNull()) {
      return scalar.text();
    }
    throw new IllegalArgumentException("no text");
  }

  /// The words of YAML 1.1, as registry 2.8.2 reads them. A text in quotes is none.
  private static boolean bool(Node node) {
    String word = text(node);
    if (!(node instanceof Node.Scalar scalar) || !scalar.plain()) {
      throw new IllegalArgumentException("in quotes");
    }
    return switch (scalar.text()) {
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> true;
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> false;
      default -> throw new IllegalArgumentException("no boolean: " + word);
    };
  }

  /// As Go reads them: `0x10` and `010` too.
  private static int integer(Node node) {
    return Integer.decode(text(node).replace("_", ""));
  }

  private static <T> List<T> list(Node node, ValueType<T> element) {
    if (node instanceof Node.Sequence sequence) {
      List<T> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(element.parse(item)));
      return List.copyOf(items);
    }
    throw new IllegalArgumentException("no list");
  }

  private static <T> Map<String, T> map(Node node, ValueType<T> element) {
    if (!(node instanceof Node.Mapping mapping)) {
      throw new IllegalArgumentException("no map");
    }
    Map<String, T> result = new LinkedHashMap<>();
    mapping.entries().forEach((key, e) -> result.put(key, element.parse(e.value())));
    return result;
  }

  private static <E extends Enum<E>> E constant(E[] constants, String name) {
    for (E constant : constants) {
      if (lower(constant).equals(name.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no such name");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// Plain where YAML reads it back as the same text, else in double quotes.
  static String yaml(String text) {
    if (text.matches("[A-Za-z/][A-Za-z0-9/._-]*")
        && !text.matches("(?i)y|n|yes|no|on|off|true|false|null")) {
      return text;
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
