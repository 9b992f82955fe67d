package dev.berth.server.load;

import dev.berth.config.DataSize;
import dev.berth.oci.RepositoryName;
import java.time.Duration;

/// What the load does.
///
/// @param users how many push and pull at the same time
/// @param duration after which nobody begins anything new
/// @param repository below which each user has one, `u1` and on
/// @param size of a layer, at least a byte
/// @param layers of an image
/// @param pulls after each push
/// @param retryFor how long after its first failure an operation is tried again; zero for never
/// @param think pause after each operation
/// @param keep whether the images stay
public record LoadPlan(
    int users,
    Duration duration,
    RepositoryName repository,
    DataSize size,
    int layers,
    int pulls,
    Duration retryFor,
    Duration think,
    boolean keep) {
  String repositoryOf(int user) {
    return repository + "/u" + user;
  }

  static String tag(int user, int number) {
    return "u" + user + "-" + number;
  }
}
