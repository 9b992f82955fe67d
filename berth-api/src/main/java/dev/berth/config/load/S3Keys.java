package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ANYTHING;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.TEXT;

import java.util.List;

/// Keys under `storage.s3`: known, and refused as one with the driver.
final class S3Keys {
  private S3Keys() {}

  static void addTo(List<SchemaEntry> all) {
    all.add(new Section("storage.s3", "Images in an S3 object store.", Support.PART));
    add(all, SECRET, "accesskey", "secretkey", "keyid");
    add(all, TEXT, "region", "regionendpoint", "bucket", "rootdirectory", "storageclass");
    add(all, TEXT, "objectacl", "useragent", "loglevel", "redirectendpoint");
    add(all, BOOLEAN, "encrypt", "secure", "skipverify", "v4auth", "forcepathstyle");
    add(all, BOOLEAN, "accelerate", "usedualstack", "usefipsendpoint");
    add(all, ANYTHING, "chunksize", "multipartcopychunksize");
    add(all, ANYTHING, "multipartcopymaxconcurrency", "multipartcopythresholdsize");
  }

  private static void add(List<SchemaEntry> all, ValueType<?> type, String... names) {
    for (String name : names) {
      all.add(Key.part("storage.s3." + name, type, ""));
    }
  }
}
