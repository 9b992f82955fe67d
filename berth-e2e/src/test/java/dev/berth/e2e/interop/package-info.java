/// Berth and registry 2.8.2 on one directory: before, beside and after each other.
@NullMarked
package dev.berth.e2e.interop;

import org.jspecify.annotations.NullMarked;
