/// Tests of reading a configuration.
@NullMarked
package dev.berth.config.load;

import org.jspecify.annotations.NullMarked;
