package dev.berth.server.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.berth.server.events.Event.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what a stored manifest refers to, as an event lists it: the configuration, then layers,
/// manifests or blobs. Bounded: at most the first thousand, with texts of 64 Ki characters.
final class References {
  private static final int MOST = 1000;
  private static final int MAX_TEXT = 64 << 10;
  private static final int MAX_TEXT_IN_ALL = 256 << 10;
  private static final int MAX_NESTING = 64;

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

  private final JsonParser json;
  private final List<Reference> config = new ArrayList<>();
  private final List<Reference> others = new ArrayList<>();
  private int text;

  private References(JsonParser json) {
    this.json = json;
  }

  /// What the manifest refers to.
  ///
  /// @throws IOException it cannot be read, or is none
  static List<Reference> read(InputStream manifest) throws IOException {
    try (JsonParser json = JSON.createParser(manifest)) {
      References references = new References(json);
      references.readManifest();
      List<Reference> all = new ArrayList<>(references.config);
      all.addAll(references.others);
      return List.copyOf(all);
    }
  }

  private void readManifest() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "config" -> descriptor(value, config);
        case "layers", "manifests", "blobs" -> descriptors(value);
        default -> json.skipChildren();
      }
    }
  }

  private void descriptors(JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    for (JsonToken next = json.nextToken();
        next != null && next != JsonToken.END_ARRAY;
        next = json.nextToken()) {
      descriptor(next, others);
    }
  }

  private void descriptor(JsonToken value, List<Reference> into) throws IOException {
    boolean full = config.size() + others.size() >= MOST || text > MAX_TEXT_IN_ALL;
    if (value != JsonToken.START_OBJECT || full) {
      json.skipChildren();
      return;
    }
    String mediaType = "";
    long size = 0;
    String digest = "";
    List<String> urls = List.of();
    Map<String, String> annotations = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "mediaType" -> mediaType = text(token);
        case "size" -> size = token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : 0;
        case "digest" -> digest = text(token);
        case "urls" -> urls = texts(token);
        case "annotations" -> annotations = annotations(token);
        default -> json.skipChildren();
      }
    }
    into.add(new Reference(mediaType, size, digest, urls, annotations));
  }

  private String text(JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      json.skipChildren();
      return "";
    }
    String value = json.getText();
    text += value.length();
    return value;
  }

  private List<String> texts(JsonToken token) throws IOException {
    List<String> texts = new ArrayList<>();
    if (token == JsonToken.START_ARRAY) {
      for (JsonToken next = json.nextToken();
          next != null && next != JsonToken.END_ARRAY;
          next = json.nextToken()) {
        texts.add(text(next));
      }
    } else {
      json.skipChildren();
    }
    return texts;
  }

  private Map<String, String> annotations(JsonToken token) throws IOException {
    Map<String, String> annotations = new LinkedHashMap<>();
    if (token == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        text += name.length();
        annotations.put(name, text(json.nextToken()));
      }
    } else {
      json.skipChildren();
    }
    return annotations;
  }
}
