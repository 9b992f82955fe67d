package dev.berth.server.http;

import dev.berth.oci.Registry;
import dev.berth.server.auth.Authenticator;
import java.util.function.BooleanSupplier;

/// Handlers for tests, with a secret and a name that do not matter.
final class OciHandlers {
  private OciHandlers() {}

  /// Open to all and healthy.
  static OciHandler of(Registry registry, HttpSettings settings) {
    return of(registry, settings, Authenticator.OPEN, () -> true, Witness.NONE);
  }

  static OciHandler of(
      Registry registry,
      HttpSettings settings,
      Authenticator authenticator,
      BooleanSupplier healthy,
      Witness witness) {
    return new OciHandler(
        registry, settings, new byte[] {1}, authenticator, healthy, witness, 0xabL);
  }
}
