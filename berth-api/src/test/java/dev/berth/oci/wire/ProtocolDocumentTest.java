package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/protocol.md` names every request and no code that does not exist.
class ProtocolDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "protocol.md");
  private static final Pattern RECORD = Pattern.compile("\\| `([A-Z][A-Za-z]+)` \\|$");
  private static final Pattern CODE = Pattern.compile("`([A-Z]+_[A-Z_]+)`");

  @Test
  void namesEveryRequestOnce() throws IOException {
    List<String> documented =
        Files.readAllLines(DOCUMENT).stream().flatMap(line -> matches(RECORD, line)).toList();

    List<String> requests =
        Stream.of(OciRequest.class.getPermittedSubclasses()).map(Class::getSimpleName).toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(requests);
  }

  @Test
  void namesOnlyCodesThatExist() throws IOException {
    List<String> named =
        Files.readAllLines(DOCUMENT).stream().flatMap(line -> matches(CODE, line)).toList();

    assertThat(Stream.of(ErrorCode.values()).map(Enum::name).toList()).containsAll(named);
    assertThat(named).isNotEmpty();
  }

  private static Stream<String> matches(Pattern pattern, String line) {
    return pattern.matcher(line).results().map(match -> match.group(1));
  }
}
