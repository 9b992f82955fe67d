/// Tests of logins by token.
@NullMarked
package dev.berth.server.token;

import org.jspecify.annotations.NullMarked;
