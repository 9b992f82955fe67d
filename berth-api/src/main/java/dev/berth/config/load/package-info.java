/// Reads `config.yml` and `REGISTRY_…` variables into [dev.berth.config.BerthConfig]. Holds the
/// list of all keys ([Schema]), from which the documentation is made. Reads no environment and no
/// system property itself; the caller hands them in.
@NullMarked
package dev.berth.config.load;

import org.jspecify.annotations.NullMarked;
