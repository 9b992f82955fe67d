package dev.berth.server.load;

import dev.berth.server.load.ManifestBlobs.Blob;
import dev.berth.server.load.RequestFailure.Nature;
import java.net.URI;

/// Reads images back.
record ImagePull(Target target, Connection connection, LoadPlan plan) {
  /// Reads the manifest by its tag and all blobs, and compares all digests.
  ///
  /// @return the bytes that came
  long run(PushedImage image) throws RequestFailure, InterruptedException {
    String repository = plan.repositoryOf(image.user());
    Answer manifest = connection.read(byTag(image), image.manifest());
    long bytes = manifest.bytes();
    for (Blob blob : ManifestBlobs.of(manifest.beginning())) {
      URI uri = target.blob(repository, blob.digest());
      bytes +=
          connection.read(Call.get(RequestKind.GET_BLOB, uri, repository), blob.digest()).bytes();
    }
    return bytes;
  }

  /// Looks for everything of an image without reading its blobs: the manifest by tag and by digest,
  /// and that each blob is there with its length.
  ///
  /// @throws RequestFailure with a nature other than `UNTOLD` where it is not
  void verify(PushedImage image) throws RequestFailure, InterruptedException {
    String repository = plan.repositoryOf(image.user());
    Answer manifest = connection.read(byTag(image), image.manifest());
    URI byDigest = target.manifest(repository, image.manifest());
    connection.read(Call.get(RequestKind.GET_MANIFEST, byDigest, repository), image.manifest());
    for (Blob blob : ManifestBlobs.of(manifest.beginning())) {
      verify(blob, repository);
    }
  }

  private void verify(Blob blob, String repository) throws RequestFailure, InterruptedException {
    Call head =
        Call.head(RequestKind.HEAD_BLOB, target.blob(repository, blob.digest()), repository);
    Answer answer = connection.send(head);
    if (answer.isMissing()) {
      throw Reasons.of(head, answer);
    }
    if (answer.length() != blob.size()) {
      throw new RequestFailure(
          RequestKind.HEAD_BLOB,
          "wrong length",
          Nature.WRONG_BYTES,
          head + " said " + answer.length() + " bytes in place of " + blob.size());
    }
  }

  private Call byTag(PushedImage image) {
    String repository = plan.repositoryOf(image.user());
    return Call.get(RequestKind.GET_MANIFEST, target.manifest(repository, image.tag()), repository);
  }
}
