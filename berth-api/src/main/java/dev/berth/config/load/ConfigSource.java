package dev.berth.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The text of a `config.yml` and its name for messages.
public record ConfigSource(String name, String text) {
  private static final String BUILT_IN = "default.yml";

  /// Reads a file of at most 1 MiB.
  ///
  /// @throws ConfigException it cannot be read, is too large or is no text
  public static ConfigSource file(Path file) {
    Origin where = new Origin.Line(file.toString(), 0);
    if (Files.isDirectory(file)) {
      throw new ConfigException(where, "", "is a directory; name the file in it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(YamlReader.MAX_CHARACTERS + 1);
      if (bytes.length > YamlReader.MAX_CHARACTERS) {
        throw new ConfigException(where, "", "larger than 1 MiB; this is no configuration");
      }
      return new ConfigSource(file.toString(), decode(bytes));
    } catch (NoSuchFileException e) {
      throw new ConfigException(where, "", "no such file; create it or name another");
    } catch (CharacterCodingException e) {
      throw new ConfigException(where, "", "not UTF-8; save it as UTF-8");
    } catch (IOException e) {
      throw new ConfigException(where, "", "cannot be read (" + e + "); mind its rights");
    }
  }

  /// What holds when no file is named: images in `./registry-data`, open to this machine only.
  public static ConfigSource builtIn() {
    try (InputStream in = ConfigSource.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException(BUILT_IN + " is not in the jar");
      }
      return new ConfigSource("built-in", decode(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
