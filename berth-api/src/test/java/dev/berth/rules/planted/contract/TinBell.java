package dev.berth.rules.planted.contract;

/// Nobody tests it.
final class TinBell implements Bell {
  @Override
  public String ring() {
    return "clonk";
  }
}
