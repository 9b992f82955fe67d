package dev.berth.server.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A line of an [EventLog]: eight hex characters of the record's CRC-32C, a blank, the record, a
/// newline.
final class EventLine {
  private static final int CHECK_LENGTH = 8;

  private EventLine() {}

  /// Writes a record, which has no newline in it.
  static void write(ByteArrayOutputStream lines, byte[] record) {
    lines.writeBytes(check(record, 0).getBytes(StandardCharsets.US_ASCII));
    lines.write(' ');
    lines.writeBytes(record);
    lines.write('\n');
  }

  /// The record in a line without its newline; null where the line is damaged.
  static byte @Nullable [] read(byte[] line) {
    if (line.length <= CHECK_LENGTH || line[CHECK_LENGTH] != ' ') {
      return null;
    }
    String check = new String(line, 0, CHECK_LENGTH, StandardCharsets.US_ASCII);
    return check.equals(check(line, CHECK_LENGTH + 1))
        ? Arrays.copyOfRange(line, CHECK_LENGTH + 1, line.length)
        : null;
  }

  private static String check(byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
