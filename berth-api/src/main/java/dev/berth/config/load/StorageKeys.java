package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.TEXT;

import dev.berth.config.DescriptorCache;
import dev.berth.config.DriverConfig;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.MemoryStorage;
import dev.berth.config.StorageConfig;
import dev.berth.config.UploadPurging;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys under `storage` that work. Every other name directly under `storage` is taken for a driver,
/// as registry 2.8.2 takes it.
final class StorageKeys {
  private static final StorageConfig DEFAULTS = StorageConfig.DEFAULTS;
  private static final UploadPurging PURGING = UploadPurging.DEFAULTS;
  static final String CACHE = "storage.cache.blobdescriptor";

  private static final Key<Path> ROOT =
      Key.of(
          "storage.filesystem.rootdirectory",
          PATH,
          FilesystemStorage.DEFAULTS.rootDirectory(),
          "The folder that holds `docker/registry/v2`.");
  private static final Section MEMORY =
      new Section(
          "storage.inmemory", "Keeps images in memory only, for trials.", Support.SUPPORTED);
  private static final Key<Boolean> DELETE =
      Key.of("storage.delete.enabled", BOOLEAN, DEFAULTS.deleteEnabled(), "Allows DELETE.");
  private static final Key<Boolean> READ_ONLY =
      Key.of(
          "storage.maintenance.readonly.enabled",
          BOOLEAN,
          DEFAULTS.readOnly(),
          "Refuses everything that writes with 405.");
  private static final Key<Boolean> PURGING_ENABLED =
      Key.of(
          "storage.maintenance.uploadpurging.enabled",
          BOOLEAN,
          PURGING.enabled(),
          "Throws away uploads that nobody finished.");
  private static final Key<Duration> PURGING_AGE =
      Key.of(
          "storage.maintenance.uploadpurging.age",
          DURATION,
          PURGING.age(),
          "Uploads begun longer ago than this are thrown away.");
  private static final Key<Duration> PURGING_INTERVAL =
      Key.of(
          "storage.maintenance.uploadpurging.interval",
          DURATION,
          PURGING.interval(),
          "Time from one round to the next.");
  private static final Key<Boolean> PURGING_DRY_RUN =
      Key.of(
          "storage.maintenance.uploadpurging.dryrun",
          BOOLEAN,
          PURGING.dryRun(),
          "Only logs what would be thrown away.");
  private static final Key<String> BLOB_DESCRIPTOR =
      Key.optional(
          CACHE,
          TEXT,
          "`inmemory`, which is so in any case; or `redis`, for replicas to share. Other names are"
              + " warned of.");
  private static final Key<String> LAYER_INFO =
      new Key<>(
          "storage.cache.layerinfo",
          TEXT,
          null,
          "Old name of `" + CACHE + "`.",
          new Support.OldName(CACHE));
  private static final Key<Boolean> REDIRECT_DISABLE =
      new Key<>(
          "storage.redirect.disable",
          BOOLEAN,
          null,
          "Never sends clients to the store itself.",
          new Support.NoEffect("the stores that exist so far never redirect"));
  private static final Key<Integer> MAX_THREADS =
      new Key<>(
          "storage.filesystem.maxthreads",
          INTEGER,
          null,
          "Most file operations at once.",
          new Support.Ignored("use berth.limits.threads.read and .write"));

  static final List<SchemaEntry> ALL =
      List.of(
          ROOT,
          MAX_THREADS,
          MEMORY,
          DELETE,
          READ_ONLY,
          PURGING_ENABLED,
          PURGING_AGE,
          PURGING_INTERVAL,
          PURGING_DRY_RUN,
          BLOB_DESCRIPTOR,
          LAYER_INFO,
          REDIRECT_DISABLE);

  /// What may stand under `storage` without being a driver. `tag` is the successor's.
  private static final Set<String> NO_DRIVERS =
      Set.of("maintenance", "cache", "delete", "redirect", "tag");

  private StorageKeys() {}

  static StorageConfig read(Settings settings) {
    return new StorageConfig(
        driver(settings),
        settings.get(DELETE),
        settings.get(READ_ONLY),
        cache(settings),
        settings.build("storage.maintenance.uploadpurging", PURGING, () -> purging(settings)));
  }

  private static UploadPurging purging(Settings settings) {
    return new UploadPurging(
        settings.get(PURGING_ENABLED),
        settings.get(PURGING_AGE),
        settings.get(PURGING_INTERVAL),
        settings.get(PURGING_DRY_RUN));
  }

  private static DriverConfig driver(Settings settings) {
    Report report = settings.report();
    Origin where = settings.origin("storage");
    List<Drivers.Named> drivers = drivers(settings);
    if (drivers.isEmpty()) {
      report.problem(
          where,
          "storage",
          "no storage configuration provided; give storage.filesystem.rootdirectory");
    } else if (drivers.size() > 1 && drivers.stream().allMatch(Drivers::isKnown)) {
      report.problem(drivers.getLast().where(), "storage", Drivers.several(drivers));
    } else {
      Drivers.Named driver =
          drivers.stream()
              .filter(it -> !Drivers.isKnown(it))
              .findFirst()
              .orElse(drivers.getFirst());
      String name = driver.name();
      switch (name) {
        case "filesystem" -> {
          return new FilesystemStorage(settings.get(ROOT));
        }
        case "inmemory" -> {
          return new MemoryStorage();
        }
        default -> report.problem(driver.where(), "storage." + name, Drivers.refusal(name));
      }
    }
    return DEFAULTS.driver();
  }

  private static List<Drivers.Named> drivers(Settings settings) {
    List<Drivers.Named> drivers = new ArrayList<>();
    if (settings.node("storage") instanceof Node.Mapping storage) {
      storage
          .entries()
          .forEach(
              (name, entry) -> {
                if (!NO_DRIVERS.contains(name)) {
                  drivers.add(new Drivers.Named(name, entry.key()));
                }
              });
    }
    return drivers;
  }

  private static DescriptorCache cache(Settings settings) {
    String name = settings.find(BLOB_DESCRIPTOR);
    String key = name == null ? LAYER_INFO.path() : CACHE;
    @Nullable String given = name == null ? settings.find(LAYER_INFO) : name;
    if (given == null) {
      return DEFAULTS.cache();
    }
    Origin where = settings.origin(key);
    return switch (given) {
      case "inmemory" -> DescriptorCache.INMEMORY;
      case "redis" -> DescriptorCache.REDIS;
      default -> {
        settings
            .report()
            .warning(where, key, "no cache has this name, passed over; give inmemory or redis");
        yield DescriptorCache.OFF;
      }
    };
  }
}
