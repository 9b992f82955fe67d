/// Tests of the shell parts that find a JDK and choose the JVM's flags, and of what the launcher
/// runs: `berth load` and `berth doctor` before real servers.
@NullMarked
package dev.berth.e2e.launch;

import org.jspecify.annotations.NullMarked;
