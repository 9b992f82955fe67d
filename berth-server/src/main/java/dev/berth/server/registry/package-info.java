/// The registry on a store: the rules of manifests, and the order in which a push is checked,
/// published, checked again and acknowledged. Implements [dev.berth.oci.Registry]; knows no HTTP
/// and no paths.
@NullMarked
package dev.berth.server.registry;

import org.jspecify.annotations.NullMarked;
