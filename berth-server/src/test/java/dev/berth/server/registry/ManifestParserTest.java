package dev.berth.server.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.server.registry.ParsedManifest.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  private static InputStream stored(String json) {
    return new ByteArrayInputStream(json.replace("D", DESCRIPTOR).getBytes(UTF_8));
  }

  private static ParsedManifest listed(String json, List<Reference> children) {
    return ManifestParser.readForList(stored(json), ManifestJson.Use.LIST, children::add)
        .orElseThrow();
  }

  private static List<Digest> blobs(byte[] stored) {
    List<Digest> found = new ArrayList<>();
    ManifestParser.visitBlobs(
        new ByteArrayInputStream(stored), reference -> found.add(reference.digest()));
    return found;
  }

  private static void refuses(String json, MediaType type, String because) {
    assertThatThrownBy(() -> parse(json, type))
        .isInstanceOf(InvalidManifestException.class)
        .hasMessageContaining(because);
  }

  @Test
  void readsAnImage() throws IOException {
    String json =
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[D,D],\"subject\":D,\"annotations\":{\"k\":\"v\"}}";
    ParsedManifest pushed = parse(json, MediaType.OCI_MANIFEST);
    ParsedManifest listed = listed(json, new ArrayList<>());

    for (ParsedManifest manifest :
        List.of(pushed, listed, ManifestParser.readStored(stored(json)))) {
      assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
      assertThat(manifest.subject()).contains(Digest.parse(DIGEST));
    }
    assertThat(pushed.blobs()).hasSize(3);
    assertThat(listed.artifactType()).contains("a/b");
    assertThat(listed.annotations()).containsEntry("k", "v");
    assertThat(blobs(stored(json).readAllBytes())).hasSize(3);
  }

  @Test
  void keepsNoTextThatNobodyWants() {
    String long1 = "\"" + "x".repeat(ManifestJson.MAX_TEXT + 1) + "\"";
    String json =
        ("{\"schemaVersion\":2,\"artifactType\":L,\"config\":D,\"layers\":[],\"x\":L,"
                + "\"annotations\":{\"k\":L}}")
            .replace("L", long1);

    assertThat(parse(json, MediaType.OCI_MANIFEST).annotations()).isEmpty();
    assertThat(ManifestParser.readStored(stored(json)).mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(ManifestParser.readForList(stored(json), ManifestJson.Use.LIST, _ -> {})).isEmpty();
    refuses(
        json.replaceFirst("D", "{\"digest\":" + long1 + ",\"size\":1}"),
        MediaType.OCI_MANIFEST,
        "not valid JSON: String value length");
  }

  @Test
  void keepsNoMoreAnnotationsThanAListShows() {
    String many =
        IntStream.range(0, 60)
            .mapToObj(i -> "\"k%d\":\"%s\"".formatted(i, "v".repeat(2000)))
            .collect(Collectors.joining(","));
    String image = "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"annotations\":{";
    String child = DESCRIPTOR.replace("}", ",\"annotations\":{" + many + "}}");
    List<Reference> children = new ArrayList<>();

    assertThat(listed(image + "\"k\":\"v\"," + many + "}}", new ArrayList<>()).annotations())
        .isEmpty();
    ParsedManifest _ = listed("{\"schemaVersion\":2,\"manifests\":[" + child + "]}", children);
    assertThat(children).singleElement().satisfies(it -> assertThat(it.annotations()).isEmpty());
  }

  @Test
  void nullIsAsGoodAsNoField() {
    refuses("{\"schemaVersion\":2,\"manifests\":null,\"x\":0}", MediaType.OCI_INDEX, "must say so");
    assertThat(
            parse(
                    "{\"schemaVersion\":2,\"manifests\":null,\"config\":D,\"layers\":[]}",
                    MediaType.OCI_MANIFEST)
                .mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
  }

  @Test
  void readsTheOldArtifactManifest() {
    var type = new MediaType("application/vnd.oci.artifact.manifest.v1+json");
    String json = "{\"mediaType\":\"" + type + "\",\"artifactType\":\"x/y\",\"blobs\":[D]}";

    assertThat(parse(json, type).blobs()).hasSize(1);
    assertThat(listed(json, new ArrayList<>()).artifactType()).contains("x/y");
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
        "{\"schemaVersion\":2,\"config\":D,\"config\":D,\"layers\":[]}|given twice",
        "{\"schemaVersion\":1,\"fsLayers\":[]}|schema 1",
        "{\"schemaVersion\":2.5,\"config\":D,\"layers\":[]}|schemaVersion must be 2",
        "{\"config\":D,\"layers\":[]}|schemaVersion must be 2",
        "{\"schemaVersion\":2,\"config\":D,\"Layers\":[]}|in this case",
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"MANIFESTS\":[]}|in this case",
        "{\"schemaVersion\":2,\"config\":D,\"layer\u017f\":[]}|in this case",
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

    assertThat(ManifestParser.readStored(new ByteArrayInputStream(schema1)).mediaType())
        .isEqualTo(MediaType.DOCKER_SCHEMA1_SIGNED);
    assertThat(ManifestParser.readStored(new ByteArrayInputStream(rubbish)).mediaType().value())
        .isEqualTo("application/octet-stream");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"Size\":3|in this case",
        "\"size\":3|given twice",
        "\"platform\":\"x\"|must be an object",
        "\"platform\":{\"os\":3}|must hold text",
        "\"platform\":{\"OS\":\"x\"}|in this case",
        "\"platform\":{\"os.features\":\"x\"}|must be an array",
        "\"platform\":{\"os.features\":[3]}|must hold text",
        "\"urls\":\"x\"|must be an array",
        "\"urls\":[3]|must hold text",
        "\"annotations\":[]|must be an object",
        "\"annotations\":{\"a\":{}}|must hold text",
        "\"data\":3|must hold text",
      })
  void refusesDescriptorsThatGoWouldNotRead(String field, String because) {
    String descriptor = DESCRIPTOR.replace("}", "," + field + "}");

    refuses(
        "{\"schemaVersion\":2,\"config\":" + descriptor + ",\"layers\":[]}",
        MediaType.OCI_MANIFEST,
        because);
  }

  @Test
  void takesWhatDescriptorsMayHold() {
    String full =
        DESCRIPTOR.replace(
            "}",
            ",\"platform\":{\"architecture\":\"a\",\"os\":\"b\",\"os.features\":[\"c\"],\"x\":{\"y\":[1]}},"
                + "\"urls\":[\"http://u\"],\"data\":\"\",\"annotations\":{\"k\":\"v\"}}");
    String empty =
        DESCRIPTOR.replace("}", ",\"platform\":null,\"urls\":null,\"annotations\":null}");

    String json = "{\"schemaVersion\":2,\"manifests\":[" + full + "," + empty + "]}";
    List<Reference> listed = new ArrayList<>();
    ParsedManifest index = parse(json, MediaType.OCI_INDEX);
    ParsedManifest _ = listed(json, listed);

    assertThat(index.children()).hasSize(2);
    assertThat(index.children().getFirst().urls()).containsExactly("http://u");
    assertThat(listed).hasSize(2);
    assertThat(listed.getFirst().mediaType()).isEqualTo("a/b");
    assertThat(listed.getFirst().annotations()).containsEntry("k", "v");
  }

  @Test
  void refusesOtherEncodingsThanUtf8() {
    String json =
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[],\"x\":\"\u00fc\"}"
            .replace("D", DESCRIPTOR);

    for (byte[] bytes :
        List.of(
            ("\ufeff" + json).getBytes(UTF_8),
            json.getBytes(UTF_16),
            json.getBytes(UTF_16LE),
            json.getBytes(UTF_16BE),
            json.getBytes(ISO_8859_1))) {
      assertThatThrownBy(() -> ManifestParser.parse(bytes, Optional.of(MediaType.OCI_MANIFEST)))
          .isInstanceOf(InvalidManifestException.class);
    }
    assertThat(parse(" \n" + json, MediaType.OCI_MANIFEST).blobs()).hasSize(1);
  }

  @Test
  void refusesObjectsWithMoreFieldsThanAnybodyWrites() {
    String fields = numbered(1001);
    String start = "{\"schemaVersion\":2,\"config\":D,\"layers\":[]";

    refuses(start + "," + fields + "}", MediaType.OCI_MANIFEST, "more than 1000 fields");
    refuses(
        start + ",\"annotations\":{" + fields + "}}",
        MediaType.OCI_MANIFEST,
        "\"annotations\" holds more than 1000 entries");
    refuses(
        start + ",\"subject\":{" + fields + "}}", MediaType.OCI_MANIFEST, "more than 1000 fields");
    String thousand = start + ",\"annotations\":{" + numbered(1000) + "}}";
    assertThat(parse(thousand, MediaType.OCI_MANIFEST).blobs()).hasSize(1);
    assertThat(listed(thousand, new ArrayList<>()).annotations()).hasSize(1000);
  }

  @Test
  void refusesMoreUrlsThanMemoryHas() {
    String start = "{\"schemaVersion\":2,\"config\":D,\"layers\":[";
    String many = DESCRIPTOR.replace("}", ",\"urls\":[" + "\"\",".repeat(4095) + "\"\"]}");
    String large = DESCRIPTOR.replace("}", ",\"urls\":[\"" + "x".repeat(50_000) + "\"]}");

    assertThat(parse(start + many + "]}", MediaType.OCI_MANIFEST).blobs()).hasSize(2);
    refuses(start + many + "," + large + "]}", MediaType.OCI_MANIFEST, "more than 4096 URLs");
    refuses(
        start + (large + ",").repeat(5) + large + "]}",
        MediaType.OCI_MANIFEST,
        "more than 262144 characters");
  }

  private static String numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + i + "\":\"\"")
        .collect(Collectors.joining(","));
  }

  @Test
  void refusesMoreDescriptorsThan4096() {
    String start = "{\"schemaVersion\":2,\"config\":D,\"layers\":[";

    assertThat(parse(start + "D,".repeat(4095) + "D]}", MediaType.OCI_MANIFEST).blobs())
        .hasSize(4097);
    refuses(start + "D,".repeat(4096) + "D]}", MediaType.OCI_MANIFEST, "more than 4096");
  }

  @Test
  void refusesTypesThatABrowserWouldShow() {
    refuses(
        "{\"schemaVersion\":2,\"mediaType\":\"text/html\",\"layers\":[]}",
        new MediaType("text/html"),
        "must begin with application/");
  }

  @Test
  void knowsTheLayersOfStoredSchema1() {
    String json =
        "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"D\"},{\"blobSum\":3},7,{\"x\":[]},[]],"
            + "\"history\":[{\"v1Compatibility\":\"{}\"}],\"signatures\":[]}";

    byte[] stored = json.replace("D", DIGEST).getBytes(UTF_8);

    assertThat(ManifestParser.readStored(new ByteArrayInputStream(stored)).mediaType())
        .isEqualTo(MediaType.DOCKER_SCHEMA1_SIGNED);
    assertThat(blobs(stored)).containsExactly(Digest.parse(DIGEST));
  }

  @Test
  void readsOfStoredBytesWhatItCan() throws IOException {
    String json =
        "{\"schemaVersion\":2,\"config\":D,\"layers\":[7,null,{\"digest\":3},[D],D,{\"size\":{}}],"
            + "\"manifests\":\"x\",\"subject\":[]}";

    assertThat(blobs(stored(json).readAllBytes())).hasSize(2);
  }

  @Test
  void readsStoredBytesAsOldRegistriesDid() throws IOException {
    String json =
        "{\"schemaVersion\":2,\"Config\":D,\"LAYERS\":[D],\"platform\":\"x\",\"annotations\":{%s}}"
            .formatted(numbered(1001));

    ParsedManifest listed = listed(json, new ArrayList<>());

    assertThat(listed.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(blobs(stored(json).readAllBytes())).hasSize(2);
    assertThat(listed.annotations()).hasSize(1000);
  }

  @Test
  void neverThrowsForStoredBytes() {
    byte[] whole =
        "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"x\"}],\"config\":{\"size\":1}}"
            .getBytes(UTF_8);

    for (int i = 0; i < whole.length; i++) {
      byte[] cut = Arrays.copyOf(whole, i);
      byte[] broken = whole.clone();
      broken[i] = (byte) 0xff;
      assertThat(blobs(cut)).isEmpty();
      assertThat(blobs(broken)).isEmpty();
    }
  }
}
