package dev.berth.rules.planted.outside;

import java.time.Instant;

/// Asks for the time behind everybody's back.
final class ReadsTheClock {
  Instant now() {
    return Instant.now();
  }
}
