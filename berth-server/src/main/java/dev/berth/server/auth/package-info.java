/// Who asks, and whether they may: what each request needs, and how callers prove who they are.
/// Knows no HTTP beyond the words of its `Authorization` field.
@NullMarked
package dev.berth.server.auth;

import org.jspecify.annotations.NullMarked;
