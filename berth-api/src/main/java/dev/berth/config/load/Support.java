package dev.berth.config.load;

/// What Berth does about a key that registry 2.8.2 or its successor knows.
public sealed interface Support {
  /// It works.
  record Supported() implements Support {}

  /// It works, under a newer name as well.
  record OldName(String now) implements Support {}

  /// It follows from the section around it.
  record Part() implements Support {}

  /// Accepted without a word: what it asks for is the case anyway.
  record NoEffect(String why) implements Support {}

  /// Accepted with a warning: nothing comes of it, and nothing bad either.
  record Ignored(String consequence) implements Support {}

  /// Stops the start when it is set, for its absence would change security, data or reachability.
  record Refused(String advice) implements Support {}

  /// The one [Supported].
  Support SUPPORTED = new Supported();

  /// The one [Part].
  Support PART = new Part();
}
