/// Bad input, slow clients and tight limits. Everything here is aimed at 127.0.0.1 only.
@NullMarked
package dev.berth.e2e.hostile;

import org.jspecify.annotations.NullMarked;
