package dev.berth.oci;

import java.util.Optional;

/// What a manifest push did.
///
/// @param digest the digest the client named, else the sha256 digest
/// @param subject the manifest that this one refers to, for the `OCI-Subject` header
public record PushedManifest(Digest digest, Optional<Digest> subject) {}
