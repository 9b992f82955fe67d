package dev.berth.server.load;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The registry that is put under load.
///
/// @param url of its root, `http` or `https`, without a slash at the end
/// @param credentials absent: without a login
/// @param trust whom its certificate may be from
public record Target(URI url, @Nullable Credentials credentials, SSLContext trust) {
  URI base() {
    return URI.create(url + "/v2/");
  }

  URI blob(String repository, Object digest) {
    return URI.create(url + "/v2/" + repository + "/blobs/" + digest);
  }

  URI uploads(String repository) {
    return URI.create(url + "/v2/" + repository + "/blobs/uploads/");
  }

  URI manifest(String repository, Object reference) {
    return URI.create(url + "/v2/" + repository + "/manifests/" + reference);
  }

  boolean isSecure() {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  /// Whether a request there goes to the registry itself, which alone sees its login.
  boolean owns(URI uri) {
    return url.getScheme().equalsIgnoreCase(uri.getScheme())
        && url.getAuthority().equalsIgnoreCase(uri.getAuthority());
  }
}
