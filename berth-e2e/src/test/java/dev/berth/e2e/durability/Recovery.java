package dev.berth.e2e.durability;

import dev.berth.e2e.durability.Facts.BlobSubject;
import dev.berth.e2e.durability.Facts.Crash;
import dev.berth.e2e.durability.Facts.ManifestSubject;
import dev.berth.e2e.durability.Facts.Subject;
import dev.berth.e2e.durability.Facts.TagSubject;
import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.RegistryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares a registry that came back after a crash with the facts from before it.
final class Recovery {
  private Recovery() {}

  /// One line for each acknowledged fact that no longer holds.
  static List<String> losses(RegistryClient registry, Facts facts, Crash crash) {
    var losses = new ArrayList<String>();
    for (Subject subject : facts.subjects()) {
      var allowed = facts.allowed(subject, crash);
      var found = look(registry, subject);
      if (!allowed.contains(found)) {
        losses.add("%s is %s and should be one of %s".formatted(subject, found, allowed));
      }
    }
    return losses;
  }

  /// The digest of the bytes that the registry serves for the subject.
  private static Optional<String> look(RegistryClient registry, Subject subject) {
    try {
      return switch (subject) {
        case TagSubject(String repository, String tag) -> registry.resolve(repository, tag);
        case ManifestSubject(String repository, String digest) ->
            registry.findManifest(repository, digest).map(Digests::sha256);
        case BlobSubject(String repository, String digest) ->
            registry.findBlob(repository, digest).map(Digests::sha256);
      };
    } catch (AssertionError unexpectedAnswer) {
      return Optional.of(String.valueOf(unexpectedAnswer.getMessage()));
    }
  }
}
