package dev.berth.config;

/// What becomes of the registry's doors when registry 2.8.2 is put in the place of Berth, which
/// passes over all that stands under `berth`.
public enum Rollback {
  /// They stay shut: an `auth` section that 2.8.2 enforces is there too.
  PROTECTED,

  /// They open, and the operator knows it.
  UNPROTECTED
}
