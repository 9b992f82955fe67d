package dev.berth.server.events;

import dev.berth.oci.BlobContent;
import dev.berth.oci.Digest;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Asks a registry what one of its manifests refers to.
final class ManifestReferences {
  private static final int BUFFER = 8 << 10;

  private ManifestReferences() {}

  /// None where the manifest cannot be read.
  static List<Event.Reference> of(Registry registry, RepositoryName repository, Digest digest) {
    try (BlobContent content = registry.getManifest(repository, digest).open();
        InputStream input = new Input(content)) {
      return References.read(input);
    } catch (RegistryException | IOException e) {
      return List.of();
    }
  }

  /// The content as a stream.
  private static final class Input extends InputStream {
    private final BlobContent content;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private long position;

    Input(BlobContent content) {
      this.content = content;
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, offset, count);
      return count;
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      buffer.clear();
      int count = content.read(buffer, position);
      buffer.flip();
      position += Math.max(0, count);
      return count > 0;
    }
  }
}
