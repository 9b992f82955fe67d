package dev.berth.rules.planted.futures;

import java.util.concurrent.CompletableFuture;

/// Hands out a future.
final class Promises {
  CompletableFuture<String> later() {
    return CompletableFuture.completedFuture("later");
  }
}
