@NullMarked
package dev.berth.server.audit;

import org.jspecify.annotations.NullMarked;
