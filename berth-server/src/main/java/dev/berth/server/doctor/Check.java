package dev.berth.server.doctor;

import java.io.IOException;
import java.security.GeneralSecurityException;

/// Looks at one thing, or at some that belong together.
@FunctionalInterface
interface Check {
  /// Tells what it finds.
  ///
  /// @throws IOException it could not be looked at; the message says why
  /// @throws GeneralSecurityException as above
  void look(Findings findings) throws IOException, GeneralSecurityException;
}
