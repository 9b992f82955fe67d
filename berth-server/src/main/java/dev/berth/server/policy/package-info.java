/// Who may do what, by the rules of the configuration, which are read again when they change.
@NullMarked
package dev.berth.server.policy;

import org.jspecify.annotations.NullMarked;
