package dev.berth.oci;

import java.time.Instant;

/// An upload in progress.
///
/// @param startedAt when the session began, whole seconds
/// @param size bytes held so far
public record UploadSession(UploadId id, Instant startedAt, long size) {}
