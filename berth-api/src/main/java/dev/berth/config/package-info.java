/// What a registry is told to be, as typed values: one tree of records with [BerthConfig] at the
/// top. A record that exists is valid; its constructor refuses what is out of bounds and its
/// `DEFAULTS` are what holds where nothing is said. Read by the server and written by the operator.
/// Knows nothing of files, YAML or variables.
@NullMarked
package dev.berth.config;

import org.jspecify.annotations.NullMarked;
