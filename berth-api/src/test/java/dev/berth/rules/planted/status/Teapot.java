package dev.berth.rules.planted.status;

/// Decides on a status by itself.
final class Teapot {
  int status() {
    return 418;
  }
}
