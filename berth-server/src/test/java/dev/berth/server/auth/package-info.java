/// Tests of the application log.
@NullMarked
package dev.berth.server.auth;

import org.jspecify.annotations.NullMarked;
