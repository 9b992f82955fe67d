package dev.berth.oci.wire;

import dev.berth.oci.RegistryException.Problem;

/// What a request line turned out to be.
public sealed interface Route {
  /// A request of the protocol.
  record Found(OciRequest request) implements Route {}

  /// No such path: 404.
  record Unknown() implements Route {}

  /// A known path, a verb it does not take: 405.
  ///
  /// @param allow the value for `Allow`
  record WrongMethod(String allow) implements Route {}

  /// A question for the verbs of a path (`OPTIONS`): 200.
  ///
  /// @param allow the value for `Allow`
  record Verbs(String allow) implements Route {}

  /// A slash too many or too few: 301.
  ///
  /// @param location path and query in the right form, still percent-encoded; never begins with two
  ///   slashes
  record Moved(String location) implements Route {}

  /// A name, digest, tag or number that the grammar does not allow.
  record Refused(Problem problem) implements Route {}

  /// More tags in one push than are taken: 414.
  record TooManyTags() implements Route {}

  /// A path or query that is not percent-encoded text: 400.
  ///
  /// @param reason one sentence for the client
  record Malformed(String reason) implements Route {}
}
