package dev.berth.rules.planted.mocking;

import dev.berth.rules.planted.mocks.Mock;

/// Uses a library of mocks.
final class PretendsToTest {
  Mock mock() {
    return new Mock();
  }
}
