package dev.berth.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Everything under `berth`: what Berth adds to the keys of registry 2.8.2.
///
/// @param strictMediaTypes take only the kinds of manifest that registry 2.8.2 takes, so that its
///   `garbage-collect` runs over this store
/// @param policy who may do what; absent for what registry 2.8.2 knows: a login may do everything
/// @param ldap a directory of users; absent for none
/// @param adminToken the file of a token whose holders may use the admin API; absent for none
public record BerthAdditions(
    MissingReferences missingReferences,
    ReferencedBlobs referencedBlobs,
    boolean strictMediaTypes,
    SpaceConfig space,
    EventQueueConfig events,
    AuditConfig audit,
    Limits limits,
    @Nullable PolicyConfig policy,
    @Nullable LdapConfig ldap,
    @Nullable Path adminToken) {
  public static final BerthAdditions DEFAULTS =
      new BerthAdditions(
          MissingReferences.REFUSE,
          ReferencedBlobs.REFUSE,
          false,
          SpaceConfig.DEFAULTS,
          EventQueueConfig.DEFAULTS,
          AuditConfig.DEFAULTS,
          Limits.DEFAULTS,
          null,
          null,
          null);
}
