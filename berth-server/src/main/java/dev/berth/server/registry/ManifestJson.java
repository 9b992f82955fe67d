package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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

/// A manifest's JSON, read field by field with bounded memory, whatever the manifest's size: what
/// is not wanted is passed over and never becomes a text.
///
/// What a client pushes is read strictly: it is refused where clients and registries written in Go
/// would refuse it or read it otherwise. What is stored already is read as leniently as they do, so
/// that as much as possible of what it refers to is known.
final class ManifestJson implements AutoCloseable {
  private static final int MAX_NESTING = 64;
  private static final int MAX_FIELDS = 1000;

  /// Characters of a text that is wanted: a type, a digest, a URL, an annotation in a list. A text
  /// takes several times its bytes while it is read, and those of all threads must fit the heap.
  static final int MAX_TEXT = 64 * 1024;

  /// URLs of one pushed manifest, all descriptors together, and their characters.
  private static final int MAX_URLS = 4096;

  private static final int MAX_URL_TEXT = 256 * 1024;

  // Names are neither interned nor kept in a table, which hostile ones would fill.
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_TEXT)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /// What a reader wants to know.
  enum Use {
    /// Whether it may be stored: digests, sizes and URLs.
    PUSH,

    /// What its own type is and what it refers to.
    STORED,

    /// How a list of referrers shows it, or what it lists, without annotations.
    LIST_TYPES,

    /// As [#LIST_TYPES], with annotations.
    LIST;

    boolean wantsTypes() {
      return this == LIST || this == LIST_TYPES;
    }
  }

  private final JsonParser json;
  private final Use use;
  private int urls;
  private long urlText;

  private ManifestJson(JsonParser json, Use use) {
    this.json = json;
    this.use = use;
  }

  /// What is pushed; stands before the first token. The encoding is never guessed: it is UTF-8 (RFC
  /// 8259, §8.1).
  static ManifestJson ofPush(byte[] bytes) throws IOException {
    if (bytes.length == 0 || "{ \t\r\n".indexOf(bytes[0]) < 0) {
      throw new InvalidManifestException(
          "a manifest must be a JSON object, in UTF-8 without a byte order mark");
    }
    return of(new ByteArrayInputStream(bytes), CodingErrorAction.REPORT, Use.PUSH);
  }

  /// What is stored; stands before the first token.
  static ManifestJson ofStored(InputStream bytes, Use use) throws IOException {
    return of(bytes, CodingErrorAction.REPLACE, use);
  }

  private static ManifestJson of(InputStream bytes, CodingErrorAction action, Use use)
      throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
    return new ManifestJson(JSON.createParser(new InputStreamReader(bytes, decoder)), use);
  }

  Use use() {
    return use;
  }

  boolean strict() {
    return use == Use.PUSH;
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

  /// The text that stands here; empty for null.
  String text(String field) throws IOException {
    if (at(JsonToken.VALUE_STRING)) {
      return json.getText();
    }
    passOver(field);
    return "";
  }

  /// Passes over a text that nobody wants. What is no text is refused in what is pushed: registry
  /// 2.8.2 could not read the manifest, and its collector would stop at it.
  void passOver(String field) throws IOException {
    if (strict() && !at(JsonToken.VALUE_STRING) && !at(JsonToken.VALUE_NULL)) {
      throw new InvalidManifestException("\"" + field + "\" must hold text");
    }
    json.skipChildren();
  }

  /// The integer that stands here; -1 for anything else.
  long integer() throws IOException {
    if (at(JsonToken.VALUE_NUMBER_INT)) {
      return json.getLongValue();
    }
    json.skipChildren();
    return -1;
  }

  /// The URLs of a descriptor; empty for null. Kept in what is pushed.
  List<String> urls() throws IOException {
    if (!opens(JsonToken.START_ARRAY, "\"urls\" must be an array of strings")) {
      return List.of();
    }
    List<String> result = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!strict()) {
        json.skipChildren();
        continue;
      }
      String url = text("urls");
      urlText += url.length();
      if (++urls > MAX_URLS || urlText > MAX_URL_TEXT) {
        throw new InvalidManifestException(
            "the manifest holds more than "
                + MAX_URLS
                + " URLs, or more than "
                + MAX_URL_TEXT
                + " characters of them");
      }
      result.add(url);
    }
    return List.copyOf(result);
  }

  /// Passes over an array of texts.
  void passOverTexts(String field) throws IOException {
    if (opens(JsonToken.START_ARRAY, "\"" + field + "\" must be an array of strings")) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        passOver(field);
      }
    }
  }

  /// An object of texts, kept for lists alone; empty for null, and where names and texts together
  /// have more characters than a list shows. Of a name given twice the last counts, as in Go.
  Map<String, String> annotations() throws IOException {
    if (!opens(JsonToken.START_OBJECT, "\"annotations\" must be an object of strings")) {
      return Map.of();
    }
    Map<String, String> result = new TreeMap<>();
    int count = 0;
    long length = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      count++;
      if (strict() && count > MAX_FIELDS) {
        throw new InvalidManifestException(
            "\"annotations\" holds more than " + MAX_FIELDS + " entries");
      }
      if (use == Use.LIST && count <= MAX_FIELDS && length <= MAX_TEXT) {
        String text = text("annotations");
        length += name.length() + text.length();
        result.put(name, text);
      } else {
        passOver("annotations");
      }
      if (length > MAX_TEXT) {
        result.clear();
      }
    }
    return result;
  }

  /// Whether what stands here begins with the token. Null does not; all else is refused, or, where
  /// it is stored already, passed over.
  boolean opens(JsonToken token, String otherwise) throws IOException {
    if (at(token)) {
      return true;
    }
    if (strict() && !at(JsonToken.VALUE_NULL)) {
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
    private final Set<String> given = new HashSet<>();
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
        if (strict() && ++count > MAX_FIELDS) {
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
      if (!at(JsonToken.VALUE_NULL)) {
        given.add(match);
      }
      if (strict() && !match.equals(name)) {
        throw new InvalidManifestException("\"" + match + "\" must be written so, in this case");
      }
      if (strict() && !first) {
        throw new InvalidManifestException("\"" + match + "\" is given twice");
      }
    }

    /// Whether the field is there and not null, which is as good as none for clients in Go.
    boolean has(String name) {
      return given.contains(name);
    }
  }
}
