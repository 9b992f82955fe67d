package dev.berth.server.registry;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.storage.StorageException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Supplier;

/// Turns failures of the store into answers: the one place that knows which is which.
final class Faults {
  private static final System.Logger LOG = System.getLogger(Faults.class.getName());

  /// Not 500 to 504: clients would push again and again into a full store; 507 they report
  /// (docs/deliberate.md).
  private static final int INSUFFICIENT_STORAGE = 507;

  private Faults() {}

  static <T> T translating(Supplier<T> work) {
    try {
      return work.get();
    } catch (StorageException.OutOfSpace e) {
      LOG.log(Level.ERROR, "storage full: {0}", e.getMessage());
      throw storageFull();
    } catch (StorageException.Unavailable e) {
      LOG.log(Level.WARNING, "storage unavailable: {0}", e.getMessage());
      throw new RegistryException(ErrorCode.UNAVAILABLE, "storage unavailable, try again");
    } catch (StorageException.Forbidden e) {
      LOG.log(Level.ERROR, "storage cannot be used: {0}", e.getMessage());
      throw new RegistryException(
          ErrorCode.UNAVAILABLE, "the registry may not write to its storage: see its log");
    } catch (StorageException.Broken e) {
      LOG.log(Level.ERROR, "storage failed: {0}", e.getMessage());
      throw new RegistryException(ErrorCode.UNAVAILABLE, "storage failed: see the registry's log");
    }
  }

  static RegistryException storageFull() {
    return new RegistryException(
        INSUFFICIENT_STORAGE,
        List.of(
            new Problem(
                ErrorCode.DENIED,
                "storage full: nothing was stored; delete images or enlarge the volume",
                null)));
  }
}
