package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ANYTHING;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.TEXT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Keys that registry 2.8.2 or its successor knows and Berth does not act on, or not yet.
final class LaterKeys {
  private static final Support NO_ACME =
      refused("certificates are not fetched; name files in http.tls.certificate and http.tls.key");

  static final List<SchemaEntry> ALL = all();

  private LaterKeys() {}

  private static List<SchemaEntry> all() {
    List<SchemaEntry> all = new ArrayList<>();
    log(all);
    S3Keys.addTo(all);
    storage(all);
    auth(all);
    http(all);
    others(all);
    return List.copyOf(all);
  }

  private static void log(List<SchemaEntry> all) {
    all.add(
        key(
            "log.hooks",
            ANYTHING,
            ignored("no mail is sent from the log"),
            "Mail about log lines."));
  }

  private static void storage(List<SchemaEntry> all) {
    all.add(key("storage.azure", ANYTHING, Support.PART, "Images in Azure's object store."));
    all.add(key("storage.gcs", ANYTHING, Support.PART, "Images in Google's object store."));
    all.add(key("storage.swift", ANYTHING, Support.PART, "Images in OpenStack's object store."));
    all.add(key("storage.oss", ANYTHING, Support.PART, "Images in Alibaba's object store."));
    all.add(
        key(
            "storage.tag.concurrencylimit",
            INTEGER,
            ignored("tags are not looked up side by side"),
            "Tags looked up at once."));
    all.add(
        key(
            "storage.cache.blobdescriptorsize",
            INTEGER,
            ignored("the cache has a size of its own"),
            "Entries of the cache."));
  }

  private static void auth(List<SchemaEntry> all) {
    Support login = refused("this kind of login is not supported; use auth.htpasswd or auth.token");
    all.add(new Section("auth.silly", "A test of registry 2.8.2's own.", login));
    parts(all, "auth.silly", TEXT, "realm", "service");
    all.add(
        key(
            "middleware",
            ANYTHING,
            refused("middleware is not supported yet; take out all that is not disabled"),
            "Steps put between registry and store."));
  }

  private static void http(List<SchemaEntry> all) {
    all.add(
        new Key<>(
            "http.net",
            TEXT,
            "tcp",
            "Kind of listener.",
            refused("only tcp is supported; take the key out")));
    all.add(key("http.tls.letsencrypt.cachefile", TEXT, NO_ACME, "File of fetched certificates."));
    Support acme = ignored("no certificates are fetched");
    all.add(key("http.tls.letsencrypt.email", TEXT, acme, "Address of the owner."));
    all.add(key("http.tls.letsencrypt.hosts", ANYTHING, acme, "Names of this server."));
    all.add(key("http.tls.letsencrypt.directoryurl", TEXT, acme, "Who gives certificates."));
    all.add(
        key(
            "http.tls.clientauth",
            TEXT,
            ignored("certificates are not fetched"),
            "Asks for certificates."));
    all.add(
        key(
            "http.h2c.enabled",
            BOOLEAN,
            ignored("HTTP/2 without TLS is not offered"),
            "HTTP/2 without TLS."));
  }

  private static void others(List<SchemaEntry> all) {
    Support noReports = ignored("faults are not reported to other services");
    all.add(new Section("reporting", "Services that collect faults.", noReports));
    parts(all, "reporting.bugsnag", SECRET, "apikey");
    parts(all, "reporting.bugsnag", TEXT, "releasestage", "endpoint");
    parts(all, "reporting.newrelic", SECRET, "licensekey");
    parts(all, "reporting.newrelic", TEXT, "name");
    parts(all, "reporting.newrelic", BOOLEAN, "verbose");
    all.add(
        key(
            "tags.maxtags",
            INTEGER,
            ignored("a list of tags is not cut off unless the client asks for it"),
            "Most tags in one answer."));
    Support noProxy = refused("a pull-through cache is not supported yet; take proxy out");
    all.add(key("proxy.remoteurl", TEXT, noProxy, "The registry to fetch from."));
    Support alone = ignored("there is no pull-through cache yet");
    all.add(key("proxy.username", SECRET, alone, "Login there."));
    all.add(key("proxy.password", SECRET, alone, "Login there."));
    all.add(key("proxy.ttl", DURATION, alone, "How long what was fetched is kept."));
    all.add(key("proxy.cachewritetimeout", DURATION, alone, "How long storing it may take."));
    all.add(key("proxy.exec.command", TEXT, alone, "A program that gives the login."));
    all.add(key("proxy.exec.lifetime", DURATION, alone, "How long that login is good."));
    Support schema1 = ignored("schema 1 manifests are refused");
    all.add(new Section("compatibility.schema1", "Manifests of before 2016.", schema1));
    parts(all, "compatibility.schema1", BOOLEAN, "enabled");
    parts(all, "compatibility.schema1", TEXT, "signingkeyfile");
    Support sparse = ignored("use berth.validation.missingreferences");
    all.add(
        key(
            "validation.manifests.indexes.platforms",
            TEXT,
            sparse,
            "Platforms that must be there."));
    all.add(key("validation.manifests.indexes.platformlist", ANYTHING, sparse, "Those platforms."));
    all.add(
        key(
            "policy.repository.classes",
            ANYTHING,
            ignored("every kind of image is taken"),
            "Kinds of image that are taken."));
  }

  private static <T> Key<T> key(String path, ValueType<T> type, Support support, String meaning) {
    return new Key<>(path, type, null, meaning, support);
  }

  private static void parts(
      List<SchemaEntry> all, String section, ValueType<?> type, String... names) {
    Arrays.stream(names).forEach(name -> all.add(Key.part(section + "." + name, type, "")));
  }

  private static Support ignored(String consequence) {
    return new Support.Ignored(consequence);
  }

  private static Support refused(String advice) {
    return new Support.Refused(advice);
  }
}
