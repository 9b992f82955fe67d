package dev.berth.oci;

/// Takes the referrers of a manifest one by one, in no order, so that any number of them needs no
/// memory.
public interface ReferrerVisitor {
  /// Whether this one shall be shown, if it is a referrer. Asked before the work of looking.
  boolean wants(Digest digest);

  /// Shows a referrer that is wanted; one may be shown twice.
  void visit(Descriptor referrer);
}
