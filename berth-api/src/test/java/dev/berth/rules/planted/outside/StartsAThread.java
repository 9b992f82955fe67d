package dev.berth.rules.planted.outside;

/// Makes a thread that nobody counts.
final class StartsAThread {
  Thread start(Runnable work) {
    return new Thread(work);
  }
}
