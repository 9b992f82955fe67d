/// The whole product from outside. One package per question; this one holds only the rules that the
/// tests themselves obey.
@NullMarked
package dev.berth.e2e;

import org.jspecify.annotations.NullMarked;
