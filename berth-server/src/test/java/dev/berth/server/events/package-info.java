/// Tests of notifications.
@NullMarked
package dev.berth.server.events;

import org.jspecify.annotations.NullMarked;
