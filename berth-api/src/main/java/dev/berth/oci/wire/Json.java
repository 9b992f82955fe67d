package dev.berth.oci.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON as registry 2.8.2 (Go's encoder) does: no spaces, `<`, `>` and `&` escaped, a line
/// feed at the end.
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().build().setCharacterEscapes(new GoEscapes());

  /// Writes one JSON value.
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static final int FIRST_BYTES = 256;

  private Json() {}

  static byte[] bytes(Writing writing) {
    return bytes(FIRST_BYTES, writing);
  }

  /// @param expected length of the text; where it is right, no byte is copied
  static byte[] bytes(int expected, Writing writing) {
    var out = new Bytes(expected);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      writing.to(json);
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return out.bytes();
  }

  private static final class Bytes extends ByteArrayOutputStream {
    Bytes(int expected) {
      super(expected);
    }

    byte[] bytes() {
      return count == buf.length ? buf : Arrays.copyOf(buf, count);
    }
  }

  /// Writes a value made of String, Number, Boolean, Map, List and null; of anything else its text.
  static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Boolean bool -> json.writeBoolean(bool);
      case List<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          value(json, item);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(json, entry.getValue());
        }
        json.writeEndObject();
      }
      default -> json.writeString(value.toString());
    }
  }

  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final int ASCII_END = 0x80;
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes['<'] = ESCAPE_CUSTOM;
      codes['>'] = ESCAPE_CUSTOM;
      codes['&'] = ESCAPE_CUSTOM;
      return codes;
    }

    /// Asked for other than ASCII too: of that, only what ends a line in JavaScript is escaped.
    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return c < ASCII_END || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR
          ? new SerializedString("\\u%04x".formatted(c))
          : null;
    }
  }
}
