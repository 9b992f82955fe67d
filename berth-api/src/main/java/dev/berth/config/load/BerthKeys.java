package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.SIZE;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.choice;

import dev.berth.config.AuditConfig;
import dev.berth.config.AuthConfig;
import dev.berth.config.BerthAdditions;
import dev.berth.config.DataSize;
import dev.berth.config.MissingReferences;
import dev.berth.config.ReferencedBlobs;
import dev.berth.config.SpaceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Keys under `berth`: our own. Registry 2.8.2 passes over unknown keys at the top, so a file that
/// holds them works there too.
final class BerthKeys {
  private static final BerthAdditions DEFAULTS = BerthAdditions.DEFAULTS;
  private static final Key<MissingReferences> MISSING_REFERENCES =
      Key.of(
          "berth.validation.missingreferences",
          choice(MissingReferences.class),
          DEFAULTS.missingReferences(),
          "A manifest whose blobs or manifests are not here: `refuse` with 404, or `accept`.");
  private static final Key<ReferencedBlobs> REFERENCED_BLOBS =
      Key.of(
          "berth.delete.referencedblobs",
          choice(ReferencedBlobs.class),
          DEFAULTS.referencedBlobs(),
          "DELETE of a blob that a manifest of the repository needs: `refuse` with 405, or `allow` as"
              + " 2.8.2 does.");
  private static final Key<Boolean> STRICT_MEDIA_TYPES =
      Key.of(
          "berth.compatibility.strictmediatypes",
          BOOLEAN,
          DEFAULTS.strictMediaTypes(),
          "Takes only manifests that 2.8.2 understands: of its media types, with content named by sha256.");
  private static final Key<DataSize> RESERVE =
      Key.optional(
          "berth.storage.reserve",
          SIZE,
          "Size of the file given up when the volume is full. Without it: 1 % of the volume, at most"
              + " 64MiB.");
  private static final Key<DataSize> WATERMARK =
      Key.optional(
          "berth.storage.watermark",
          SIZE,
          "Uploads are refused with 507 when less than this is free. Without it: 5 % of the volume, at"
              + " most 10GiB.");

  private static final Key<String> AUDIT_PATH =
      Key.optional(
          "berth.audit.path",
          TEXT,
          "The file that says who pushed, pulled, deleted or was refused what, a JSON object a line;"
              + " `-` is standard output. Without it: none.");
  private static final Key<Boolean> AUDIT_PULLS =
      Key.of("berth.audit.pulls", BOOLEAN, AuditConfig.DEFAULTS.pulls(), "Writes down pulls too.");

  private static final Key<Path> ADMIN_TOKEN =
      Key.optional(
          "berth.admin.tokenfile",
          PATH,
          "A file with a token; whoever shows it as `Authorization: Bearer …` may use the admin API."
              + " Read again when it changes.");

  static final List<SchemaEntry> ALL = all();

  private BerthKeys() {}

  private static List<SchemaEntry> all() {
    List<SchemaEntry> all =
        new ArrayList<>(
            List.of(
                MISSING_REFERENCES,
                REFERENCED_BLOBS,
                STRICT_MEDIA_TYPES,
                RESERVE,
                WATERMARK,
                AUDIT_PATH,
                AUDIT_PULLS,
                ADMIN_TOKEN));
    all.addAll(LimitKeys.ALL);
    all.addAll(LdapKeys.ALL);
    all.addAll(AccessKeys.ALL);
    return List.copyOf(all);
  }

  static BerthAdditions read(Settings settings, AuthConfig auth) {
    AccessKeys.checkRollback(settings, auth);
    LdapKeys.checkKind(settings, auth);
    return new BerthAdditions(
        settings.get(MISSING_REFERENCES),
        settings.get(REFERENCED_BLOBS),
        settings.get(STRICT_MEDIA_TYPES),
        settings.build(
            "berth.storage",
            SpaceConfig.DEFAULTS,
            () -> new SpaceConfig(settings.find(RESERVE), settings.find(WATERMARK))),
        NotificationKeys.queues(settings),
        new AuditConfig(
            Objects.requireNonNullElse(settings.find(AUDIT_PATH), ""), settings.get(AUDIT_PULLS)),
        LimitKeys.read(settings),
        AccessKeys.policy(settings, settings.node(LdapKeys.LDAP) != null),
        LdapKeys.read(settings),
        settings.find(ADMIN_TOKEN));
  }
}
