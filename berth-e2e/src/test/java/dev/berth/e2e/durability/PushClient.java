package dev.berth.e2e.durability;

import dev.berth.e2e.durability.Facts.BlobSubject;
import dev.berth.e2e.durability.Facts.ManifestSubject;
import dev.berth.e2e.durability.Facts.TagSubject;
import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.SampleImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One client that pushes, moves tags, mounts and deletes at random in two repositories of its own,
/// one request after the other, and writes down what was acknowledged.
final class PushClient {
  /// What a client does in one go.
  enum Action {
    PUSH_IMAGE,
    MOVE_TAG,
    PUSH_BLOB,
    MOUNT,
    DELETE_MANIFEST,
    DELETE_BLOB,
    DELETE_TAG
  }

  private static final List<String> TAGS = List.of("latest", "v1", "v2");
  private static final int LAYER_BYTES = 3_000;
  private static final int LOOSE_BLOB_BYTES = 6_000;

  private final RegistryClient registry;
  private final Facts facts;
  private final RandomGenerator random;
  private final String repository;
  private final String mountedInto;
  private final boolean deletesTags;

  private final List<SampleImage.Manifest> manifests = new ArrayList<>();
  private final Map<String, String> tags = new HashMap<>();
  private final List<String> looseBlobs = new ArrayList<>();
  private final List<String> mounted = new ArrayList<>();

  /// @param deletesTags false for 2.8.2, which cannot
  PushClient(
      RegistryClient registry,
      Facts facts,
      RandomGenerator random,
      String name,
      boolean deletesTags) {
    this.registry = registry;
    this.facts = facts;
    this.random = random;
    this.repository = name + "/pushed";
    this.mountedInto = name + "/mounted";
    this.deletesTags = deletesTags;
  }

  /// One action of one or more requests, whose last was just acknowledged when this returns.
  Action act() {
    Action action = choose();
    switch (action) {
      case PUSH_IMAGE -> pushImage();
      case MOVE_TAG -> putManifest(pick(manifests));
      case PUSH_BLOB -> looseBlobs.add(pushBlob(random(LOOSE_BLOB_BYTES)));
      case MOUNT -> mount();
      case DELETE_MANIFEST -> deleteManifest();
      case DELETE_BLOB -> deleteBlob();
      case DELETE_TAG -> deleteTag();
    }
    return action;
  }

  /// Pushes twice as often as anything else, so that there is something to delete.
  private Action choose() {
    Action[] all = Action.values();
    int dice = random.nextInt(all.length + 2);
    Action wanted = dice < all.length ? all[dice] : Action.PUSH_IMAGE;
    return switch (wanted) {
      case PUSH_IMAGE, PUSH_BLOB -> wanted;
      case MOVE_TAG, DELETE_MANIFEST -> manifests.isEmpty() ? Action.PUSH_IMAGE : wanted;
      case MOUNT, DELETE_BLOB -> looseBlobs.isEmpty() ? Action.PUSH_BLOB : wanted;
      case DELETE_TAG -> !deletesTags || tags.isEmpty() ? Action.PUSH_IMAGE : wanted;
    };
  }

  private void pushImage() {
    SampleImage image = SampleImage.oci(random, "amd64", 1, LAYER_BYTES);
    image.blobs().forEach(this::pushBlob);
    manifests.add(image.manifest());
    putManifest(image.manifest());
  }

  private void putManifest(SampleImage.Manifest manifest) {
    String digest = manifest.digest();
    String tag = pick(TAGS);
    var request =
        facts
            .request()
            .becomes(new ManifestSubject(repository, digest), digest)
            .becomes(new TagSubject(repository, tag), digest);
    registry.pushManifest(repository, tag, manifest);
    request.acknowledge();
    tags.put(tag, digest);
  }

  private String pushBlob(byte[] content) {
    String digest = Digests.sha256(content);
    var request = facts.request().becomes(new BlobSubject(repository, digest), digest);
    registry.pushBlob(repository, content);
    request.acknowledge();
    return digest;
  }

  private void mount() {
    String digest = pick(looseBlobs);
    var request = facts.request().becomes(new BlobSubject(mountedInto, digest), digest);
    if (!registry.mount(mountedInto, repository, digest)) {
      throw new AssertionError("not mounted: " + digest);
    }
    request.acknowledge();
    mounted.add(digest);
  }

  private void deleteManifest() {
    SampleImage.Manifest manifest = pick(manifests);
    String digest = manifest.digest();
    var request = facts.request().vanishes(new ManifestSubject(repository, digest));
    var gone = tags.entrySet().stream().filter(tag -> tag.getValue().equals(digest)).toList();
    gone.forEach(tag -> request.vanishes(new TagSubject(repository, tag.getKey())));
    accepted(registry.deleteManifest(repository, digest), "manifest " + digest);
    request.acknowledge();
    manifests.remove(manifest);
    tags.values().removeIf(digest::equals);
  }

  private void deleteBlob() {
    boolean inSecond = !mounted.isEmpty() && random.nextBoolean();
    List<String> from = inSecond ? mounted : looseBlobs;
    String where = inSecond ? mountedInto : repository;
    String digest = from.remove(random.nextInt(from.size()));
    from.removeIf(digest::equals);
    var request = facts.request().vanishes(new BlobSubject(where, digest));
    accepted(registry.deleteBlob(where, digest), "blob " + digest);
    request.acknowledge();
  }

  private void deleteTag() {
    String tag = pick(List.copyOf(tags.keySet()));
    var request = facts.request().vanishes(new TagSubject(repository, tag));
    accepted(registry.deleteManifest(repository, tag), "tag " + tag);
    request.acknowledge();
    tags.remove(tag);
  }

  private byte[] random(int most) {
    byte[] content = new byte[1 + random.nextInt(most)];
    random.nextBytes(content);
    return content;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static void accepted(int status, String what) {
    if (status != 202) {
      throw new AssertionError("delete of " + what + ": " + status);
    }
  }
}
