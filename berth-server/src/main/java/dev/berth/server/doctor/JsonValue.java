package dev.berth.server.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A value of JSON that is asked leniently: what is not there, or of another kind, is empty.
///
/// @param value a Map, a List, a String, a Long, a Double, a Boolean or null
record JsonValue(@Nullable Object value) {
  private static final int MAX_NESTING = 64;

  /// Characters of one text: Kubernetes stores no object larger than this.
  private static final int MAX_TEXT = 2 << 20;

  /// What Kubernetes keeps for itself and nobody asks here.
  private static final Set<String> PASSED_OVER =
      Set.of("managedFields", "status", "annotations", "binaryData");

  static final JsonValue NONE = new JsonValue(null);

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

  /// Reads one value.
  ///
  /// @throws IOException it is no JSON; the message says where
  static JsonValue parse(byte[] text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      return new JsonValue(read(json));
    }
  }

  /// Reads a list as `kubectl get -o json` prints it, one object at a time, or one such object.
  ///
  /// @return whether there was a list, or an object of a kind
  /// @throws IOException it is no JSON; the message says where
  static boolean objects(InputStream in, Consumer<JsonValue> each) throws IOException {
    try (JsonParser json = JSON.createParser(in)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      boolean list = false;
      Map<String, @Nullable Object> single = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.START_ARRAY && name.equals("items")) {
          list = true;
          while (json.nextToken() != JsonToken.END_ARRAY) {
            each.accept(new JsonValue(read(json)));
          }
        } else {
          single.put(name, read(json));
        }
      }
      if (!list && single.containsKey("kind")) {
        each.accept(new JsonValue(single));
        return true;
      }
      return list;
    }
  }

  private static @Nullable Object read(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          if (PASSED_OVER.contains(name)) {
            json.skipChildren();
          } else {
            map.put(name, read(json));
          }
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(json));
        }
        yield list;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null -> throw new IOException("it ends in the middle");
      default -> null;
    };
  }

  /// What stands under these names, one below the other.
  JsonValue at(String... names) {
    JsonValue here = this;
    for (String name : names) {
      here = here.value instanceof Map<?, ?> map ? new JsonValue(map.get(name)) : NONE;
    }
    return here;
  }

  /// The items of a list.
  List<JsonValue> items() {
    return value instanceof List<?> list ? list.stream().map(JsonValue::new).toList() : List.of();
  }

  boolean isThere() {
    return value != null;
  }

  /// A text, number or truth as text.
  String text() {
    return value == null || value instanceof Map<?, ?> || value instanceof List<?>
        ? ""
        : value.toString();
  }

  long number(long otherwise) {
    return value instanceof Long number ? number : otherwise;
  }

  boolean is(boolean wanted) {
    return value instanceof Boolean truth && truth == wanted;
  }
}
