/// The nouns of the OCI distribution specification, and [Registry], the one interface that every
/// part of Berth offers or uses. Values here are valid by construction; nothing here does I/O.
@NullMarked
package dev.berth.oci;

import org.jspecify.annotations.NullMarked;
