package dev.berth.rules.planted.contract;

/// Stands for a test.
final class BrassBellSuite extends BellContract {
  @Override
  Bell bell() {
    return new BrassBell();
  }
}
