package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.broken;
import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.sha256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.PageRequest;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.ReferrerVisitor;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadSession;
import dev.berth.server.store.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What every registry must do, whatever it stores on. A kind of store passes when its subclass
/// does.
abstract class RegistryContract extends UploadContract {
  private static final PageRequest ALL = new PageRequest(OptionalInt.empty(), Optional.empty());

  @Test
  void givesBackAManifestByTagAndByEachDigest() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, manifest);

    PushedManifest pushed = pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");
    PushedManifest again =
        registry.putManifest(
            REPOSITORY,
            new ManifestPush(
                Optional.of(MediaType.OCI_MANIFEST), Optional.of(sha512), List.of(), manifest));

    assertThat(pushed.digest()).isEqualTo(sha256(manifest));
    assertThat(again.digest()).isEqualTo(sha512);
    for (var reference : List.of(new Tag("v1"), new Tag("v2"), sha256(manifest), sha512)) {
      var content = registry.getManifest(REPOSITORY, reference);
      assertThat(Pushes.bytesOf(content)).isEqualTo(manifest);
      assertThat(content.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    }
    assertThat(registry.getManifest(REPOSITORY, sha512).digest()).isEqualTo(sha512);
  }

  @Test
  void namesAManifestReadByTagAsItWasPushedToThatTag() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, manifest);
    Tag tag = new Tag("long");
    var bySha512 =
        new ManifestPush(
            Optional.of(MediaType.OCI_MANIFEST), Optional.of(sha512), List.of(tag), manifest);

    registry.putManifest(REPOSITORY, bySha512);
    assertThat(registry.getManifest(REPOSITORY, tag).digest()).isEqualTo(sha512);
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "long");
    assertThat(registry.getManifest(REPOSITORY, tag).digest()).isEqualTo(sha256(manifest));
    registry.putManifest(REPOSITORY, bySha512);
    assertThat(registry.getManifest(REPOSITORY, tag).digest()).isEqualTo(sha512);
  }

  @Test
  void refusesAManifestWhoseReferencesAreNotHereAndLeavesTheTagAlone() {
    byte[] first = pushes.image(REPOSITORY, "first");
    pushes.push(REPOSITORY, first, MediaType.OCI_MANIFEST, "latest");
    byte[] broken = Pushes.manifest(bytes("no config"), bytes("no layer"), "");

    assertThatThrownBy(() -> pushes.push(REPOSITORY, broken, MediaType.OCI_MANIFEST, "latest"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.problems()).hasSize(2);
              assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN);
            });

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("latest"))))
        .isEqualTo(first);
    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, sha256(broken)));
  }

  @Test
  void takesAManifestWithMissingReferencesWhereToldTo() {
    RegistryRules sparse =
        new RegistryRules(true, false, false, false, url -> true, 10, _ -> Optional.empty());
    byte[] broken = Pushes.manifest(bytes("no config"), bytes("no layer"), "");

    new Pushes(over(driver, sparse)).push(REPOSITORY, broken, MediaType.OCI_MANIFEST, "t");

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(broken);
  }

  @Test
  void needsNoLayerThatIsHadElsewhereFromAnAllowedUrl() {
    byte[] config = bytes("{}");
    pushes.blob(REPOSITORY, config);
    String foreign =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[{"mediaType":"application/x","size":3,
        "digest":"%s","urls":["%s"]}]}""";
    String type = MediaType.OCI_MANIFEST.value();
    String described = Pushes.descriptor("application/json", config);
    Digest elsewhere = sha256(bytes("far"));

    pushes.push(
        REPOSITORY,
        bytes(foreign.formatted(type, described, elsewhere, "https://example.com/far")),
        MediaType.OCI_MANIFEST,
        "t");

    refused(
        ErrorCode.MANIFEST_INVALID,
        () ->
            pushes.push(
                REPOSITORY,
                bytes(foreign.formatted(type, described, elsewhere, "ftp://example.com/far")),
                MediaType.OCI_MANIFEST,
                "t"));
  }

  @Test
  void takesAnIndexOnlyWithItsChildren() {
    byte[] child = pushes.image(REPOSITORY, "child");
    byte[] index =
        bytes(
            """
            {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}"""
                .formatted(
                    MediaType.OCI_INDEX, Pushes.descriptor(MediaType.OCI_MANIFEST.value(), child)));

    refused(
        ErrorCode.MANIFEST_BLOB_UNKNOWN,
        () -> pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "multi"));
    pushes.push(REPOSITORY, child, MediaType.OCI_MANIFEST);
    pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "multi");

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("multi")))).isEqualTo(index);
  }

  @Test
  void listsTagsSortedAndPaged() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "b", "a", "C", "d");

    assertThat(registry.tags(REPOSITORY, ALL, it -> it).items())
        .extracting(Tag::value)
        .containsExactly("C", "a", "b", "d");
    var page =
        registry.tags(REPOSITORY, new PageRequest(OptionalInt.of(2), Optional.of("C")), it -> it);
    assertThat(page.items()).extracting(Tag::value).containsExactly("a", "b");
    assertThat(page.more()).isTrue();
    var rest =
        registry.tags(REPOSITORY, new PageRequest(OptionalInt.of(2), Optional.of("bb")), it -> it);
    assertThat(rest.items()).extracting(Tag::value).containsExactly("d");
    assertThat(rest.more()).isFalse();
    refused(ErrorCode.NAME_UNKNOWN, () -> registry.tags(OTHER, ALL, it -> it));
  }

  @Test
  void listsRepositoriesInOrderAndPaged() {
    for (String name : List.of("b", "a/x", "a-b", "a", "a/x/y", "c")) {
      pushes.blob(new RepositoryName(name), bytes(name));
    }

    assertThat(registry.repositories(ALL).items())
        .extracting(RepositoryName::value)
        .containsExactly("a", "a/x", "a/x/y", "a-b", "b", "c");
    var page = registry.repositories(new PageRequest(OptionalInt.of(2), Optional.of("a/x")));
    assertThat(page.items()).extracting(RepositoryName::value).containsExactly("a/x/y", "a-b");
    assertThat(page.more()).isTrue();
  }

  @Test
  void deletesAManifestWithTheTagsThatPointAtIt() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    byte[] kept = pushes.image(REPOSITORY, "kept");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");
    pushes.push(REPOSITORY, kept, MediaType.OCI_MANIFEST, "v3");

    registry.deleteManifest(REPOSITORY, sha256(manifest));

    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, new Tag("v1")));
    refused(
        ErrorCode.MANIFEST_UNKNOWN, () -> registry.deleteManifest(REPOSITORY, sha256(manifest)));
    assertThat(registry.tags(REPOSITORY, ALL, it -> it).items()).containsExactly(new Tag("v3"));
  }

  @Test
  void deletesATagAndKeepsItsManifest() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");

    registry.deleteTag(REPOSITORY, new Tag("v1"));

    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.deleteTag(REPOSITORY, new Tag("v1")));
    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("v2")))).isEqualTo(manifest);
  }

  @Test
  void deletesABlobOnlyWhenNoManifestHereNeedsIt() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1");
    Digest layer = sha256(bytes("layer of a"));

    refused(ErrorCode.UNSUPPORTED, () -> registry.deleteBlob(REPOSITORY, layer));
    registry.deleteManifest(REPOSITORY, sha256(manifest));
    registry.deleteBlob(REPOSITORY, layer);

    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(REPOSITORY, layer));
    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.deleteBlob(REPOSITORY, layer));
  }

  @Test
  void deletesNoBlobThatAManifestNeedsByItsOtherName() {
    byte[] config = bytes("{}");
    byte[] layer = bytes("named by sha512");
    pushes.blob(REPOSITORY, config);
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, layer);
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.commitUpload(REPOSITORY, session.id(), Pushes.chunk(layer), sha512);
    String manifest =
        new String(Pushes.manifest(config, layer, ""), UTF_8)
            .replace(sha256(layer).toString(), sha512.toString());
    pushes.push(REPOSITORY, bytes(manifest), MediaType.OCI_MANIFEST, "t");

    refused(ErrorCode.UNSUPPORTED, () -> registry.deleteBlob(REPOSITORY, sha256(layer)));
    refused(ErrorCode.UNSUPPORTED, () -> registry.deleteBlob(REPOSITORY, sha512));

    assertThat(registry.blobSize(REPOSITORY, sha512)).isEqualTo(layer.length);
  }

  @Test
  void deletesNothingWhenDeletionIsOff() {
    RegistryRules off =
        new RegistryRules(false, false, true, false, url -> true, 10, _ -> Optional.empty());
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1");
    Registry closed = over(driver, off);

    refused(ErrorCode.UNSUPPORTED, () -> closed.deleteTag(REPOSITORY, new Tag("v1")));
    refused(ErrorCode.UNSUPPORTED, () -> closed.deleteManifest(REPOSITORY, sha256(manifest)));
    refused(
        ErrorCode.UNSUPPORTED, () -> closed.deleteBlob(REPOSITORY, sha256(bytes("layer of a"))));

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("v1")))).isEqualTo(manifest);
  }

  @Test
  void findsReferrersOfASubjectUntilTheyAreDeleted() {
    byte[] image = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, image, MediaType.OCI_MANIFEST, "v1");
    byte[] config = bytes("{}");
    byte[] layer = bytes("signature");
    pushes.blob(REPOSITORY, config);
    pushes.blob(REPOSITORY, layer);
    String subject = Pushes.descriptor(MediaType.OCI_MANIFEST.value(), image);
    byte[] signature =
        Pushes.manifest(
            config,
            layer,
            ",\"artifactType\":\"application/sig\",\"annotations\":{\"k\":\"v\"},\"subject\":"
                + subject);

    PushedManifest pushed = pushes.push(REPOSITORY, signature, MediaType.OCI_MANIFEST);

    assertThat(pushed.subject()).contains(sha256(image));
    assertThat(referrers(sha256(image))).isEqualTo(referrers(sha256(image)));
    assertThat(referrers(sha256(image)))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.digest()).isEqualTo(sha256(signature));
              assertThat(found.artifactType()).contains("application/sig");
              assertThat(found.annotations()).containsEntry("k", "v");
              assertThat(found.size()).isEqualTo(signature.length);
            });
    registry.deleteManifest(REPOSITORY, sha256(signature));
    assertThat(referrers(sha256(image))).isEmpty();
  }

  @Test
  void takesOnlyWhatRegistry2UnderstandsWhereToldSo() {
    byte[] config = bytes("{}");
    byte[] layer = bytes("layer");
    pushes.blob(REPOSITORY, config);
    pushes.blob(REPOSITORY, layer);
    byte[] plain = Pushes.manifest(config, layer, "");
    byte[] odd =
        bytes(new String(plain, UTF_8).replace(MediaType.OCI_MANIFEST.value(), "application/odd"));
    UploadSession session = registry.startUpload(REPOSITORY);
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, layer);
    registry.commitUpload(REPOSITORY, session.id(), Pushes.chunk(layer), sha512);
    byte[] byOtherName =
        bytes(new String(plain, UTF_8).replace(sha256(layer).toString(), sha512.toString()));
    var strict =
        new Pushes(
            over(
                driver,
                new RegistryRules(
                    true, false, true, true, url -> true, 10, _ -> Optional.empty())));

    refused(
        ErrorCode.MANIFEST_INVALID,
        () -> strict.push(REPOSITORY, odd, new MediaType("application/odd")));
    refused(
        ErrorCode.MANIFEST_INVALID,
        () -> strict.push(REPOSITORY, byOtherName, MediaType.OCI_MANIFEST));
    strict.push(REPOSITORY, plain, MediaType.OCI_MANIFEST, "plain");
    pushes.push(REPOSITORY, odd, new MediaType("application/odd"), "odd");
    pushes.push(REPOSITORY, byOtherName, MediaType.OCI_MANIFEST, "other");
    assertThat(registry.tags(REPOSITORY, ALL, it -> it).items()).hasSize(3);
  }

  /// Larger than what is kept in memory.
  @Test
  void servesAndListsLargeManifests() {
    byte[] image = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, image, MediaType.OCI_MANIFEST, "v1");
    byte[] config = bytes("{}");
    pushes.blob(REPOSITORY, config);
    String more =
        ",\"artifactType\":\"application/sig\",\"annotations\":{%s},\"subject\":"
            + Pushes.descriptor(MediaType.OCI_MANIFEST.value(), image);
    String shown = "\"k\":\"" + "v".repeat(60_000) + "\"";
    String tooLarge = "\"k\":\"" + "v".repeat(70_000) + "\"";
    byte[] large =
        Pushes.manifest(
            config, config, more.formatted(shown) + ",\"x\":\"" + "y".repeat(99_999) + "\"");
    byte[] larger = Pushes.manifest(config, config, more.formatted(tooLarge));
    pushes.push(REPOSITORY, large, MediaType.OCI_MANIFEST, "large");
    pushes.push(REPOSITORY, larger, MediaType.OCI_MANIFEST, "larger");

    for (int i = 0; i < 2; i++) {
      ManifestContent found = registry.getManifest(REPOSITORY, new Tag("large"));
      assertThat(found.size()).isEqualTo(large.length);
      assertThat(found.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
      assertThat(Pushes.bytesOf(found)).isEqualTo(large);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(referrers(sha256(image)))
          .extracting(Descriptor::digest, Descriptor::artifactType, it -> it.annotations().size())
          .containsExactlyInAnyOrder(
              tuple(sha256(large), Optional.of("application/sig"), 1),
              tuple(sha256(larger), Optional.of("application/sig"), 0));
    }
    refused(ErrorCode.UNSUPPORTED, () -> registry.deleteBlob(REPOSITORY, sha256(config)));
  }

  @Test
  void findsReferrersThatAClientNotedUnderTheFallbackTag() {
    byte[] image = pushes.image(REPOSITORY, "a");
    byte[] noted = pushes.image(REPOSITORY, "noted");
    pushes.push(REPOSITORY, noted, MediaType.OCI_MANIFEST);
    byte[] index =
        bytes(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(
                    MediaType.OCI_INDEX, Pushes.descriptor(MediaType.OCI_MANIFEST.value(), noted)));
    pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "sha256-" + sha256(image).hex());

    assertThat(referrers(sha256(image)))
        .singleElement()
        .satisfies(found -> assertThat(found.digest()).isEqualTo(sha256(noted)));
  }

  private List<Descriptor> referrers(Digest subject) {
    List<Descriptor> found = new ArrayList<>();
    registry.referrers(
        REPOSITORY,
        subject,
        new ReferrerVisitor() {
          @Override
          public boolean wants(Digest digest) {
            return true;
          }

          @Override
          public void visit(Descriptor referrer) {
            found.add(referrer);
          }
        });
    return found;
  }
}
