/// Real clients against a running Berth: each pushes what it can make, pulls it back and compares
/// digests. The matrix of kinds and clients is in `docs/testing.md`.
@NullMarked
package dev.berth.e2e.clients;

import org.jspecify.annotations.NullMarked;
