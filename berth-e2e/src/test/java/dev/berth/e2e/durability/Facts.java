package dev.berth.e2e.durability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What clients asked of a registry and what it acknowledged, with times, so that one can say what
/// must be in its store at a moment in between.
///
/// Each subject belongs to one client at a time, whose requests about it follow one another.
final class Facts {
  private static final long NEVER = Long.MAX_VALUE;

  /// Something in a registry that is there with a digest, or is not.
  sealed interface Subject {
    String repository();
  }

  /// A tag; its value is the digest it names.
  record TagSubject(String repository, String tag) implements Subject {}

  /// A manifest in a repository; its value is its own digest.
  record ManifestSubject(String repository, String digest) implements Subject {}

  /// A blob in a repository; its value is its own digest.
  record BlobSubject(String repository, String digest) implements Subject {}

  /// A stretch of time in which a crash fell, by [System#nanoTime].
  record Crash(long from, long to) {}

  private static final class Claim {
    private final Optional<String> value;
    private final long begun = System.nanoTime();
    private long acknowledged = NEVER;

    Claim(Optional<String> value) {
      this.value = value;
    }
  }

  /// One request on its way, with all that it will have changed.
  final class Request {
    private final List<Claim> claims = new ArrayList<>();

    Request becomes(Subject subject, String digest) {
      return expect(subject, Optional.of(digest));
    }

    Request vanishes(Subject subject) {
      return expect(subject, Optional.empty());
    }

    /// The registry answered with success.
    void acknowledge() {
      synchronized (Facts.this) {
        long now = System.nanoTime();
        claims.forEach(claim -> claim.acknowledged = now);
      }
    }

    private Request expect(Subject subject, Optional<String> value) {
      synchronized (Facts.this) {
        var claim = new Claim(value);
        claims.add(claim);
        history.computeIfAbsent(subject, _ -> new ArrayList<>()).add(claim);
        return this;
      }
    }
  }

  private final Map<Subject, List<Claim>> history = new HashMap<>();

  /// To be called before the request goes out.
  Request request() {
    return new Request();
  }

  synchronized Set<Subject> subjects() {
    return Set.copyOf(history.keySet());
  }

  /// Every state a subject may be in after a crash: the last acknowledged one, or what a request
  /// that was under way at the crash would have made of it.
  synchronized Set<Optional<String>> allowed(Subject subject, Crash crash) {
    var allowed = new HashSet<Optional<String>>();
    allowed.add(Optional.empty());
    for (Claim claim : history.getOrDefault(subject, List.of())) {
      if (claim.acknowledged < crash.from) {
        allowed.clear();
        allowed.add(claim.value);
      } else if (claim.begun < crash.to) {
        allowed.add(claim.value);
      }
    }
    return allowed;
  }
}
