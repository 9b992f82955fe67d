package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.ConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationCheckTest {
  private static final String PLAIN = "version: 0.1\nstorage: inmemory\n";

  @TempDir private Path folder;

  private List<String> look(String text, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yml"), text);
    return Looking.with(
        new ConfigurationCheck(
            () -> ConfigLoader.load(ConfigSource.file(file), environment), environment));
  }

  @Test
  void aGoodOneIsGood() throws IOException {
    assertThat(look(PLAIN + "http: {secret: s}\n", Map.of()))
        .containsExactly("OK every key and variable is known: ");
  }

  @Test
  void namesWhatKubernetesSets() throws IOException {
    List<String> found =
        look(
            PLAIN,
            Map.of(
                "REGISTRY_PORT", "tcp://10.0.0.1:5000",
                "REGISTRY_SERVICE_HOST", "10.0.0.1",
                "REGISTRY_PORT_5000_TCP", "tcp://10.0.0.1:5000",
                "REGISTRY_HTP_ADDR", ":5000"));

    assertThat(found)
        .filteredOn(line -> line.contains("enableServiceLinks: false"))
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .contains("REGISTRY_PORT, REGISTRY_PORT_5000_TCP, REGISTRY_SERVICE_HOST")
        .doesNotContain("HTP");
    assertThat(found).anyMatch(line -> line.startsWith("WARN REGISTRY_HTP_ADDR: "));
    assertThat(found).anyMatch(line -> line.startsWith("NOTE http.secret is not set"));
  }

  @Test
  void faultsFailAndUnknownKeysWarn() throws IOException {
    List<String> found = look(PLAIN + "http: {addr: x}\nhtp: {}\n", Map.of());

    assertThat(found)
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("config.yml:3: http.addr: "))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("htp: unknown key"));
  }

  @Test
  void withoutAConfigurationTheRestIsSkipped() {
    List<String> found = InsideLooking.at("version: 7\nstorage: inmemory\n", folder, Map.of());

    assertThat(found)
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("unsupported version"))
        .anyMatch(line -> line.startsWith("SKIP all else inside"));
  }

  @Test
  void imagesInMemoryAndNoLoginAreTold() {
    assertThat(InsideLooking.at(PLAIN, folder, Map.of()))
        .anyMatch(line -> line.startsWith("WARN images are kept in memory"))
        .anyMatch(line -> line.startsWith("NOTE anybody may pull and push"));
  }
}
