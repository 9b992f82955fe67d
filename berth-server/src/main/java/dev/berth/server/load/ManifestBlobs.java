package dev.berth.server.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// The blobs of a manifest that [FreshImage] made.
final class ManifestBlobs {
  private static final JsonFactory JSON = new JsonFactory();

  private ManifestBlobs() {}

  /// @param size in bytes
  record Blob(Digest digest, long size) {}

  /// In their order there.
  ///
  /// @param manifest whose digest was compared
  static List<Blob> of(byte[] manifest) {
    List<Blob> blobs = new ArrayList<>();
    String digest = "";
    try (JsonParser json = JSON.createParser(manifest)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "digest".equals(json.currentName())) {
          digest = json.getText();
        } else if (token == JsonToken.VALUE_NUMBER_INT && "size".equals(json.currentName())) {
          blobs.add(new Blob(Digest.parse(digest), json.getLongValue()));
        }
      }
      return blobs;
    } catch (IOException e) {
      throw new UncheckedIOException("a manifest of our own cannot be read", e);
    }
  }
}
