package dev.berth.server.events;

import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpResponse;
import java.util.List;

/// What can be learned from an answer without using it up.
record Answer(HttpResponse response) {
  /// The value of a field; empty where there is none.
  String field(String name) {
    List<String> fields = response.headers();
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equalsIgnoreCase(name)) {
        return fields.get(i + 1);
      }
    }
    return "";
  }

  /// The length of the content; 0 for none.
  long length() {
    return switch (response.content()) {
      case Content.Bytes(byte[] bytes) -> bytes.length;
      case Content.Length(long bytes) -> bytes;
      case Content.None _ -> 0;
      case Content.File file -> file.length();
      case Content.Range range -> range.length();
    };
  }

  /// The length of what the content is a part of; -1 where the answer does not say.
  long wholeLength() {
    if (response.content() instanceof Content.None) {
      return -1;
    }
    String range = field("Content-Range");
    if (range.isEmpty()) {
      return length();
    }
    try {
      return Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
