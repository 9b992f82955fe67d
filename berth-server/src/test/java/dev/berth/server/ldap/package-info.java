/// Tests of logins by a directory; those with a real one are in `berth-e2e`.
@NullMarked
package dev.berth.server.ldap;

import org.jspecify.annotations.NullMarked;
