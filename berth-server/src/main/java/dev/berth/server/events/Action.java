package dev.berth.server.events;

import java.util.Locale;

/// What was done.
enum Action {
  PUSH,
  PULL,
  MOUNT,
  DELETE;

  /// As it stands in events and in `ignore.actions`.
  final String word = name().toLowerCase(Locale.ROOT);
}
