package dev.berth.rules.planted.contract;

/// The suite that each bell has to pass.
abstract class BellContract {
  abstract Bell bell();
}
