/// Several Berths on one folder behind a proxy that gives each request to the next of them: they
/// agree on everything through the store alone, and any of them may end at any time.
@NullMarked
package dev.berth.e2e.replicas;

import org.jspecify.annotations.NullMarked;
