package dev.berth.server.load;

import dev.berth.oci.Digest;

/// An image whose push was answered 201.
///
/// @param number of the user's images, from 1
/// @param manifest the digest of the manifest
record PushedImage(int user, int number, Digest manifest) {
  String tag() {
    return LoadPlan.tag(user, number);
  }
}
