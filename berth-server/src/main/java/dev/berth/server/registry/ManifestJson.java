package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A manifest's JSON, read field by field with bounded memory.
///
/// What a client pushes is read strictly: it is refused where clients and registries written in Go
/// would refuse it or read it otherwise. What is stored already is read as leniently as they do, so
/// that as much as possible of what it refers to is known.
final class ManifestJson implements AutoCloseable {
  private static final int MAX_NESTING = 64;
  private static final int MAX_FIELDS = 1000;

  /// Characters of one annotation, URL or name.
  private static final int MAX_TEXT = 256 * 1024;

  /// Annotations and URLs of one manifest, all descriptors together: what is kept of them takes up
  /// to some 150 bytes each.
  private static final int MAX_TEXTS = 65_536;

  // Names are neither interned nor kept in a table, which hostile ones would fill.
  private static final JsonFactory JSON = factory(StreamReadConstraints.DEFAULT_MAX_STRING_LEN);

  /// Of what is pushed: a text takes several times its bytes while it is read, and all that are
  /// read at one time must fit the heap.
  private static final JsonFactory STRICT_JSON = factory(MAX_TEXT);

  private static JsonFactory factory(int maxText) {
    return new JsonFactoryBuilder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(maxText)
                .build())
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build();
  }

  private final JsonParser json;
  private final boolean strict;
  private int texts;

  private ManifestJson(JsonParser json, boolean strict) {
    this.json = json;
    this.strict = strict;
  }

  /// Stands before the first token. The encoding is never guessed: it is UTF-8 (RFC 8259, §8.1).
  static ManifestJson of(byte[] bytes, boolean strict) throws IOException {
    if (strict && (bytes.length == 0 || "{ \t\r\n".indexOf(bytes[0]) < 0)) {
      throw new InvalidManifestException(
          "a manifest must be a JSON object, in UTF-8 without a byte order mark");
    }
    CodingErrorAction action = strict ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
    var reader = new InputStreamReader(new ByteArrayInputStream(bytes), decoder);
    JsonFactory factory = strict ? STRICT_JSON : JSON;
    return new ManifestJson(factory.createParser(reader), strict);
  }

  boolean strict() {
    return strict;
  }

  @Nullable JsonToken next() throws IOException {
    return json.nextToken();
  }

  boolean at(JsonToken token) {
    return json.currentToken() == token;
  }

  void skip() throws IOException {
    json.skipChildren();
  }

  /// Begins the fields of the object that stands here.
  Fields fields(NavigableSet<String> known) {
    return new Fields(known);
  }

  /// Not read: text, or null, which is empty.
  String text(String field) throws IOException {
    if (at(JsonToken.VALUE_STRING)) {
      return json.getText();
    }
    if (at(JsonToken.VALUE_NULL)) {
      return "";
    }
    throw new InvalidManifestException("\"" + field + "\" must hold text");
  }

  /// The integer that stands here; -1 for anything else.
  long integer() throws IOException {
    return at(JsonToken.VALUE_NUMBER_INT) ? json.getLongValue() : -1;
  }

  /// An array of text; empty for null.
  List<String> texts(String field) throws IOException {
    if (!opens(JsonToken.START_ARRAY, "\"" + field + "\" must be an array of strings")) {
      return List.of();
    }
    List<String> result = new ArrayList<>();
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String text = text(field);
      if (roomForText(field, ++count)) {
        result.add(text);
      }
    }
    return List.copyOf(result);
  }

  /// An object of text; empty for null. Of a name given twice the last counts, as in Go.
  Map<String, String> annotations() throws IOException {
    if (!opens(JsonToken.START_OBJECT, "\"annotations\" must be an object of strings")) {
      return Map.of();
    }
    Map<String, String> result = new TreeMap<>();
    int count = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      String text = text("annotations");
      if (roomForText("annotations", ++count)) {
        result.put(name, text);
      }
    }
    return result;
  }

  private boolean roomForText(String field, int count) {
    texts++;
    if (count <= MAX_FIELDS && texts <= MAX_TEXTS) {
      return true;
    }
    if (strict) {
      throw new InvalidManifestException(
          count > MAX_FIELDS
              ? "\"" + field + "\" holds more than " + MAX_FIELDS + " entries"
              : "the manifest holds more than " + MAX_TEXTS + " annotations and URLs");
    }
    return false;
  }

  /// Whether what stands here begins with the token. Null does not; all else is refused, or, where
  /// it is stored already, passed over.
  boolean opens(JsonToken token, String otherwise) throws IOException {
    if (at(token)) {
      return true;
    }
    if (strict && !at(JsonToken.VALUE_NULL)) {
      throw new InvalidManifestException(otherwise);
    }
    json.skipChildren();
    return false;
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  /// A set of names that finds them whatever their case, as Go does.
  static NavigableSet<String> names(String... names) {
    NavigableSet<String> result = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    result.addAll(List.of(names));
    return result;
  }

  /// The fields of one object, of which only those with known names are noted.
  final class Fields {
    private final NavigableSet<String> known;
    private final Set<String> seen = new HashSet<>();
    private int count;

    private Fields(NavigableSet<String> known) {
      this.known = known;
    }

    /// The next field with a known name; null at the end. Its value stands here then, and must be
    /// read or skipped. Unknown fields are passed over.
    ///
    /// @throws InvalidManifestException a known name is given twice, or in another case, or there
    ///   are too many fields; only where it is read strictly
    @Nullable String next() throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (strict && ++count > MAX_FIELDS) {
          throw new InvalidManifestException(
              "an object of the manifest has more than " + MAX_FIELDS + " fields");
        }
        String match = known.floor(name);
        if (match != null && match.equalsIgnoreCase(name)) {
          note(match, name);
          return match;
        }
        json.skipChildren();
      }
      return null;
    }

    private void note(String match, String name) {
      boolean first = seen.add(match);
      if (strict && !match.equals(name)) {
        throw new InvalidManifestException("\"" + match + "\" must be written so, in this case");
      }
      if (strict && !first) {
        throw new InvalidManifestException("\"" + match + "\" is given twice");
      }
    }

    boolean has(String name) {
      return seen.contains(name);
    }
  }
}
