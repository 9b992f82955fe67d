package dev.berth.server.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.MediaType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestParserTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String DESCRIPTOR =
      "{\"mediaType\":\"a/b\",\"digest\":\"" + DIGEST + "\",\"size\":3}";

  private static ParsedManifest parse(String json, MediaType type) {
    return ManifestParser.parse(json.replace("D", DESCRIPTOR).getBytes(UTF_8), Optional.of(type));
  }

  private static void refuses(String json, MediaType type, String because) {
    assertThatThrownBy(() -> parse(json, type))
        .isInstanceOf(InvalidManifestException.class)
        .hasMessageContaining(because);
  }

  @Test
  void readsAnImage() {
    ParsedManifest manifest =
        parse(
            "{\"schemaVersion\":2,\"config\":D,\"layers\":[D,D],\"subject\":D,\"annotations\":{\"k\":\"v\"}}",
            MediaType.OCI_MANIFEST);

    assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(manifest.blobs()).hasSize(3);
    assertThat(manifest.subject()).isPresent();
    assertThat(manifest.artifactType()).contains("a/b");
    assertThat(manifest.annotations()).containsEntry("k", "v");
  }

  @Test
  void readsTheOldArtifactManifest() {
    var type = new MediaType("application/vnd.oci.artifact.manifest.v1+json");

    ParsedManifest manifest =
        parse("{\"mediaType\":\"" + type + "\",\"artifactType\":\"x/y\",\"blobs\":[D]}", type);

    assertThat(manifest.blobs()).hasSize(1);
    assertThat(manifest.artifactType()).contains("x/y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|must be a JSON object",
        "``|must be a JSON object",
        "{\"schemaVersion\":2|not valid JSON",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[]} x|not valid JSON",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[]}{}|after the manifest",
        "{\"schemaVersion\":2,\"config\":D,\"config\":D,\"layers\":[]}|not valid JSON",
        "{\"schemaVersion\":1,\"fsLayers\":[]}|schema 1",
        "{\"schemaVersion\":3,\"config\":D,\"layers\":[]}|schemaVersion must be 2",
        "{\"schemaVersion\":2,\"layers\":[]}|must have a config",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"manifests\":[]}|not both",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":{}}|must be an array",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[null]}|no descriptor",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[3]}|must hold descriptors",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[{\"size\":3}]}|digest",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"x\"},\"layers\":[]}|size",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"mediaType\":3}|must hold text",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"mediaType\":\"q/r\"}|must be the same",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"annotations\":{\"a\":3}}|must hold text",
      })
  void refusesWhatIsNoImageManifest(String json, String because) {
    refuses(json, MediaType.OCI_MANIFEST, because);
  }

  @Test
  void refusesATypeThatTheBytesDoNotName() {
    refuses(
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[]}", new MediaType("x/y"), "must say so");
    refuses("{\"schemaVersion\":2,\"config\":D,\"layers\":[]}", MediaType.OCI_INDEX, "must say so");
    refuses("{\"schemaVersion\":2}", MediaType.DOCKER_SCHEMA1_SIGNED, "schema 1");
  }

  @Test
  void refusesNestingWithoutEndAndListsWithoutEnd() {
    String open = "[".repeat(100_000);
    refuses("{\"schemaVersion\":2,\"x\":" + open, MediaType.OCI_MANIFEST, "not valid JSON");
    String many = "D,".repeat(40_000);
    refuses(
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[" + many + "D]}",
        MediaType.OCI_MANIFEST,
        "more than");
  }

  @Test
  void servesStoredBytesWhateverTheyAre() {
    byte[] schema1 = "{\"schemaVersion\":1,\"fsLayers\":[]}".getBytes(UTF_8);
    byte[] rubbish = "rubbish".getBytes(UTF_8);

    assertThat(ManifestParser.parseStored(schema1).mediaType())
        .isEqualTo(MediaType.DOCKER_SCHEMA1_SIGNED);
    assertThat(ManifestParser.parseStored(rubbish).mediaType().value())
        .isEqualTo("application/octet-stream");
  }
}
