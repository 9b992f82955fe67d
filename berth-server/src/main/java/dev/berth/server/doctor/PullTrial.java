package dev.berth.server.doctor;

import dev.berth.oci.Digest;
import dev.berth.server.store.Digests;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Reads what is there: whether bytes come as the registry sent them.
final class PullTrial implements Check {
  private static final String ACCEPT =
      "application/vnd.oci.image.manifest.v1+json,"
          + "application/vnd.oci.image.index.v1+json,"
          + "application/vnd.docker.distribution.manifest.v2+json,"
          + "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final String NO_COMPRESSION =
      "turn it off for the registry: nginx gzip off; ingress-nginx use-gzip: \"false\" in its"
          + " ConfigMap; Traefik: no compress middleware";
  private static final String ENCODING = "Content-Encoding";

  /// Repositories that are looked into for an image.
  private static final int MOST_REPOSITORIES = 3;

  private final Session session;

  PullTrial(Session session) {
    this.session = session;
  }

  private record Image(String repository, String tag) {}

  @Override
  public void look(Findings findings) throws IOException {
    WebAnswer missing = get(PushTrial.REPOSITORY + "/manifests/none", "GET");
    if (isCompressed(missing)) {
      compressed(missing, findings);
    }
    Optional<Image> image = image(findings);
    if (image.isPresent()) {
      look(image.get(), findings);
    } else if (!isCompressed(missing)) {
      findings.ok("answers are not compressed on their way");
    }
  }

  private WebAnswer get(String path, String method) throws IOException {
    return session.send(
        WebRequest.of(method, session.path(path))
            .with("Accept", ACCEPT)
            .with("Accept-Encoding", "gzip, deflate, br"));
  }

  private static boolean isCompressed(WebAnswer answer) {
    String encoding = answer.field(ENCODING).orElse("identity");
    return !encoding.equalsIgnoreCase("identity") && !encoding.isEmpty();
  }

  private static void compressed(WebAnswer answer, Findings findings) {
    findings.fail(
        "a proxy compresses answers ("
            + ENCODING
            + ": "
            + answer.field(ENCODING).orElse("")
            + "): lengths and bytes are not those of the digest",
        NO_COMPRESSION);
  }

  private Optional<Image> image(Findings findings) throws IOException {
    WebAnswer catalog = session.send(WebRequest.of("GET", session.path("_catalog?n=20")));
    if (!catalog.isOk()) {
      findings.skip("images: the catalog answers " + catalog.status());
      return Optional.empty();
    }
    List<JsonValue> names = JsonValue.parse(catalog.body()).at("repositories").items();
    for (JsonValue name : names.subList(0, Math.min(names.size(), MOST_REPOSITORIES))) {
      WebAnswer tags = session.send(WebRequest.of("GET", session.path(name.text() + "/tags/list")));
      List<JsonValue> all =
          tags.isOk() ? JsonValue.parse(tags.body()).at("tags").items() : List.of();
      if (!all.isEmpty()) {
        return Optional.of(new Image(name.text(), all.getFirst().text()));
      }
    }
    findings.skip("images: there is none yet that could be pulled");
    return Optional.empty();
  }

  private void look(Image image, Findings findings) throws IOException {
    String path = image.repository() + "/manifests/" + image.tag();
    String name = image.repository() + ":" + image.tag();
    WebAnswer got = get(path, "GET");
    if (!got.isOk()) {
      findings.warn(
          name + " answers " + got.status(), "see the log of the registry, and push it anew");
      return;
    }
    if (isCompressed(got)) {
      compressed(got, findings);
      return;
    }
    String digest = got.field("Docker-Content-Digest").orElse("");
    if (!isOf(digest, got.body())) {
      findings.fail(
          name + " comes with other bytes than those of its digest " + digest,
          "see what on the way changes bodies; if nothing does, the store is damaged");
      return;
    }
    findings.ok(name + " comes with the bytes of its digest");
    head(path, name, got, findings);
    range(image.repository(), JsonValue.parse(got.body()), findings);
  }

  private static boolean isOf(String digest, byte[] body) {
    return Digest.tryParse(digest)
        .filter(told -> Digests.of(told.algorithm(), body).equals(told))
        .isPresent();
  }

  private void head(String path, String name, WebAnswer got, Findings findings) throws IOException {
    WebAnswer head = get(path, "HEAD");
    String length = head.field("Content-Length").orElse("");
    boolean same =
        head.isOk()
            && head.all("Docker-Content-Digest").equals(got.all("Docker-Content-Digest"))
            && length.equals("" + got.body().length);
    if (same) {
      findings.ok("HEAD says the same as GET");
    } else {
      findings.fail(
          "HEAD of "
              + name
              + " says "
              + head.status()
              + " and a length of \""
              + length
              + "\", GET 200 and "
              + got.body().length,
          "have the proxy pass HEAD on as it is, and its Content-Length back (containerd asks so)");
    }
  }

  private void range(String repository, JsonValue manifest, Findings findings) throws IOException {
    String blob = manifest.at("config", "digest").text();
    if (blob.isEmpty()) {
      findings.skip("a part of a blob: the first image is an index");
      return;
    }
    WebAnswer part =
        session.send(
            WebRequest.of("GET", session.path(repository + "/blobs/" + blob))
                .with("Range", "bytes=0-0"));
    if (part.isPartial() && part.body().length == 1) {
      findings.ok("a part of a blob comes as a part");
    } else if (part.isRedirect()) {
      findings.note("blobs are fetched from " + part.field("Location").orElse("elsewhere"));
    } else if (part.isOk()) {
      findings.warn(
          "Range is passed over: a pull that breaks off begins anew",
          "have the proxy pass Range on, and not keep answers (nginx: proxy_buffering off, no cache)");
    } else {
      findings.fail("a part of a blob answers " + part.status(), "see the log of the registry");
    }
  }
}
