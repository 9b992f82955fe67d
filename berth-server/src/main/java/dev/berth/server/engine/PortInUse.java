package dev.berth.server.engine;

import java.io.IOException;
import java.util.Locale;

/// Another process, or another engine of this one, listens on the address already.
public final class PortInUse extends IOException {
  private static final long serialVersionUID = 1L;

  PortInUse(String address, String key, Throwable cause) {
    super(
        "cannot listen on "
            + address
            + ": the port is in use; end what listens there, or set "
            + key
            + " (REGISTRY_"
            + key.replace('.', '_').toUpperCase(Locale.ROOT)
            + ") to another",
        cause);
  }
}
