/// The parts every whole-product test stands on: running a registry as a child process, running a
/// client program, a small HTTP client of our own and images made on the spot.
///
/// Nothing here asserts what a registry should do. Nothing here uses Berth's own classes: a test
/// must not share a mistake with the product.
@NullMarked
package dev.berth.e2e.harness;

import org.jspecify.annotations.NullMarked;
