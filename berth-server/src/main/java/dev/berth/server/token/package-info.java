/// Callers who are known by a token that somebody else gave them, as `auth.token` of registry
/// 2.8.2. Knows no HTTP beyond the words of its `Authorization` field.
@NullMarked
package dev.berth.server.token;

import org.jspecify.annotations.NullMarked;
