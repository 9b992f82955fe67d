package dev.berth.oci;

/// A manifest as it was pushed.
///
/// @param digest the digest that the reader asked for; by tag, the one by which it was pushed to
///   the tag
/// @param bytes exactly the bytes that came in; at most the manifest limit (4 MiB by default). Not
///   copied: treat as read-only
public record ManifestContent(MediaType mediaType, Digest digest, byte[] bytes) {}
