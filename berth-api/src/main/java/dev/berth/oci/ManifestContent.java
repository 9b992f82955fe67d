package dev.berth.oci;

/// A manifest as it was pushed.
///
/// @param digest the digest that the reader asked for; by tag, the one by which it was pushed to
///   the tag
/// @param size bytes in all
/// @param bytes where the bytes are: exactly those that came in
public record ManifestContent(MediaType mediaType, Digest digest, long size, Source bytes) {
  /// Opens the manifest's bytes. The caller closes them.
  ///
  /// @throws RegistryException `MANIFEST_UNKNOWN`, where somebody removed them meanwhile
  public BlobContent open() {
    return bytes.open();
  }

  /// What [#open] asks.
  public interface Source {
    BlobContent open();
  }
}
