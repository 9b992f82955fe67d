package dev.berth.rules.planted.contract;

/// What others implement.
public interface Bell {
  String ring();
}
