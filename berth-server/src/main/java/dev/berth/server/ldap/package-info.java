/// Names, passwords and groups of a directory (LDAP).
@NullMarked
package dev.berth.server.ldap;

import org.jspecify.annotations.NullMarked;
