/// Tests of the policy.
@NullMarked
package dev.berth.server.policy;

import org.jspecify.annotations.NullMarked;
