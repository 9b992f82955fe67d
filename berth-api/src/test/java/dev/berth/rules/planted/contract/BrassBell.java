package dev.berth.rules.planted.contract;

/// Has a subclass of the suite.
final class BrassBell implements Bell {
  @Override
  public String ring() {
    return "ding";
  }
}
