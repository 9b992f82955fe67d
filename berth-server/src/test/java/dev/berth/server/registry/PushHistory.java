package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.chunk;
import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.Reference;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Pushes, moves tags, mounts and deletes at random, and remembers what was acknowledged: what a
/// registry must still know afterwards, and what it must not. What failed may have happened or not.
final class PushHistory {
  private static final RepositoryName REPOSITORY = new RepositoryName("load/app");
  private static final RepositoryName MOUNTED = new RepositoryName("load/mounted");
  private static final int TAGS = 4;

  private final SplittableRandom random;
  private final List<Image> images = new ArrayList<>();
  private final Map<Tag, Set<Optional<Digest>>> tags = new HashMap<>();
  private int acknowledged;

  PushHistory(SplittableRandom random) {
    this.random = random;
  }

  /// How many calls the registry acknowledged.
  int acknowledged() {
    return acknowledged;
  }

  /// Does one thing. Failures are part of the game.
  void step(Registry registry) {
    int dice = random.nextInt(10);
    if (dice < 5 || images.isEmpty()) {
      push(registry);
    } else if (dice < 7) {
      tag(registry, any());
    } else if (dice == 7) {
      mount(registry, any());
    } else if (dice == 8) {
      deleteTag(registry);
    } else {
      deleteImage(registry, any());
    }
  }

  /// Asserts that the registry knows all that was acknowledged and nothing that was deleted.
  void check(Registry registry) throws IOException {
    Pushes pushes = new Pushes(registry);
    for (Image image : images) {
      if (image.stored == Known.YES) {
        assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, image.digest())))
            .isEqualTo(image.manifest);
        assertThat(pushes.pull(REPOSITORY, sha256(image.layer))).isEqualTo(image.layer);
        assertThat(pushes.pull(REPOSITORY, sha256(image.config))).isEqualTo(image.config);
      } else if (image.stored == Known.NO) {
        assertThat(find(registry, image.digest())).isEmpty();
      }
      if (image.mounted) {
        assertThat(pushes.pull(MOUNTED, sha256(image.layer))).isEqualTo(image.layer);
      }
    }
    for (Map.Entry<Tag, Set<Optional<Digest>>> tag : tags.entrySet()) {
      assertThat(tag.getValue()).as("tag %s", tag.getKey()).contains(find(registry, tag.getKey()));
    }
  }

  private void push(Registry registry) {
    Image image = new Image(random.nextInt(1_000_000));
    images.add(image);
    attempt(
        () -> {
          upload(registry, image.config);
          upload(registry, image.layer);
        });
    tag(registry, image);
  }

  private void upload(Registry registry, byte[] content) {
    UploadSession session = registry.startUpload(REPOSITORY);
    int cut = random.nextInt(content.length);
    byte[] first = Arrays.copyOf(content, cut);
    byte[] rest = Arrays.copyOfRange(content, cut, content.length);
    if (random.nextBoolean() && cut > 0) {
      registry.appendUpload(REPOSITORY, session.id(), chunk(first));
      registry.commitUpload(REPOSITORY, session.id(), chunk(rest), sha256(content));
    } else {
      registry.commitUpload(REPOSITORY, session.id(), chunk(content), sha256(content));
    }
  }

  /// Pushes the manifest, again or for the first time, and points a tag at it.
  private void tag(Registry registry, Image image) {
    Tag tag = anyTag();
    boolean done =
        attempt(
            () ->
                registry.putManifest(
                    REPOSITORY,
                    new ManifestPush(
                        Optional.of(MediaType.OCI_MANIFEST),
                        Optional.empty(),
                        List.of(tag),
                        image.manifest)));
    image.stored = done ? Known.YES : image.stored == Known.YES ? Known.YES : Known.MAYBE;
    now(tag, Optional.of(image.digest()), done);
  }

  private void mount(Registry registry, Image image) {
    boolean[] mounted = {false};
    attempt(
        () ->
            mounted[0] = registry.mountBlob(MOUNTED, Optional.of(REPOSITORY), sha256(image.layer)));
    image.mounted |= mounted[0];
  }

  private void deleteTag(Registry registry) {
    Tag tag = anyTag();
    now(tag, Optional.empty(), attempt(() -> registry.deleteTag(REPOSITORY, tag)));
  }

  private void deleteImage(Registry registry, Image image) {
    boolean done = attempt(() -> registry.deleteManifest(REPOSITORY, image.digest()));
    image.stored = done ? Known.NO : Known.MAYBE;
    for (Set<Optional<Digest>> possible : tags.values()) {
      if (possible.contains(Optional.of(image.digest()))) {
        possible.add(Optional.empty());
        if (done) {
          possible.remove(Optional.of(image.digest()));
        }
      }
    }
  }

  private void now(Tag tag, Optional<Digest> target, boolean certain) {
    Set<Optional<Digest>> possible = tags.computeIfAbsent(tag, _ -> new HashSet<>());
    if (possible.isEmpty()) {
      possible.add(Optional.empty());
    }
    if (certain) {
      possible.clear();
    }
    possible.add(target);
  }

  private boolean attempt(Runnable call) {
    try {
      call.run();
      acknowledged++;
      return true;
    } catch (RegistryException | UncheckedIOException e) {
      return false;
    }
  }

  private static Optional<Digest> find(Registry registry, Reference reference) {
    try {
      return Optional.of(sha256(Pushes.bytesOf(registry.getManifest(REPOSITORY, reference))));
    } catch (RegistryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
      return Optional.empty();
    }
  }

  private Image any() {
    return images.get(random.nextInt(images.size()));
  }

  private Tag anyTag() {
    return new Tag("t" + random.nextInt(TAGS));
  }

  private enum Known {
    YES,
    NO,
    MAYBE
  }

  private static final class Image {
    private final byte[] config;
    private final byte[] layer;
    private final byte[] manifest;
    private Known stored = Known.MAYBE;
    private boolean mounted;

    Image(int number) {
      config = bytes("{\"number\":" + number + "}");
      layer = bytes("layer " + number);
      manifest = Pushes.manifest(config, layer, "");
    }

    Digest digest() {
      return sha256(manifest);
    }
  }
}
