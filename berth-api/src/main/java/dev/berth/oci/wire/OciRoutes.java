package dev.berth.oci.wire;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.Reference;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadId;
import dev.berth.oci.wire.OciRequest.AppendUpload;
import dev.berth.oci.wire.OciRequest.CancelUpload;
import dev.berth.oci.wire.OciRequest.Catalog;
import dev.berth.oci.wire.OciRequest.CommitUpload;
import dev.berth.oci.wire.OciRequest.DeleteBlob;
import dev.berth.oci.wire.OciRequest.DeleteManifest;
import dev.berth.oci.wire.OciRequest.DeleteTag;
import dev.berth.oci.wire.OciRequest.ListReferrers;
import dev.berth.oci.wire.OciRequest.ListTags;
import dev.berth.oci.wire.OciRequest.MountBlob;
import dev.berth.oci.wire.OciRequest.Ping;
import dev.berth.oci.wire.OciRequest.PostBlob;
import dev.berth.oci.wire.OciRequest.PutManifest;
import dev.berth.oci.wire.OciRequest.ReadBlob;
import dev.berth.oci.wire.OciRequest.ReadManifest;
import dev.berth.oci.wire.OciRequest.ReadUpload;
import dev.berth.oci.wire.OciRequest.StartUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The grammar of the protocol's request lines, in both directions. Immutable.
public final class OciRoutes {
  /// The most tags that one push may set. The specification asks for 10 or more (end-7b).
  public static final int MAX_TAGS_PER_PUSH = 100;

  private static final String V2 = "v2";

  private final String prefix;
  private final boolean readOnly;

  /// @param prefix the path under which the protocol is served, with or without slashes at its
  ///   ends; empty or `/` for none
  /// @param readOnly whether verbs that change something are unknown
  public OciRoutes(String prefix, boolean readOnly) {
    this.prefix = slashed(prefix);
    this.readOnly = readOnly;
  }

  private static String slashed(String prefix) {
    String front = prefix.startsWith("/") ? prefix : "/" + prefix;
    return front.endsWith("/") ? front : front + "/";
  }

  /// The path of a request from `/v2/` on, with its query, percent-encoded: what [#parse] without a
  /// prefix reads as this request.
  public static String format(OciRequest request) {
    return RequestFormat.pathAndQuery(request);
  }

  /// The verb of a request.
  public static String method(OciRequest request) {
    return RequestFormat.method(request);
  }

  /// The prefix without its last slash: empty for none.
  public String prefixPath() {
    return prefix.substring(0, prefix.length() - 1);
  }

  /// Reads a request line.
  ///
  /// @param path still percent-encoded; decoded once here
  /// @param query what follows the `?`, still encoded; empty for none
  public Route parse(String method, String path, String query) {
    String decoded = PercentCoding.decode(path, false);
    if (decoded == null) {
      return new Route.Malformed("The path is not percent-encoded UTF-8 text.");
    }
    if (path.contains("//")) {
      String single = path.replaceAll("/{2,}", "/");
      return single.startsWith(prefix + V2)
          ? new Route.Moved(withQuery(single, query))
          : new Route.Unknown();
    }
    RequestPath target = cut(decoded);
    if (target == null) {
      return moved(path, query);
    }
    Endpoint endpoint = target.endpoint();
    if (!endpoint.takes(method, readOnly)) {
      String allow = endpoint.allow(readOnly);
      return method.equals("OPTIONS") ? new Route.Verbs(allow) : new Route.WrongMethod(allow);
    }
    Query parameters = Query.parse(query);
    return parameters == null
        ? new Route.Malformed("The query is not percent-encoded UTF-8 text, or too long.")
        : route(method, target, parameters);
  }

  /// The kind of a request's path, whatever its verb; empty where it is none of the protocol's.
  ///
  /// @param path still percent-encoded
  public Optional<Endpoint> endpoint(String path) {
    String decoded = PercentCoding.decode(path, false);
    RequestPath target = decoded == null || path.contains("//") ? null : cut(decoded);
    return target == null ? Optional.empty() : Optional.of(target.endpoint());
  }

  private @Nullable RequestPath cut(String decoded) {
    int start = prefix.length() + V2.length();
    return decoded.length() > start
            && decoded.charAt(start) == '/'
            && decoded.startsWith(prefix)
            && decoded.startsWith(V2, prefix.length())
        ? RequestPath.cut(decoded.substring(start + 1))
        : null;
  }

  /// Where the path with its last slash taken away or added is one of ours, that one (registry
  /// 2.8.2's "strict slash").
  private Route moved(String path, String query) {
    String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
    String decoded = PercentCoding.decode(other, false);
    RequestPath target = decoded == null ? null : cut(decoded);
    return target == null ? new Route.Unknown() : new Route.Moved(withQuery(other, query));
  }

  private static String withQuery(String path, String query) {
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static Route route(String method, RequestPath target, Query query) {
    if (target.name().isEmpty()) {
      return new Route.Found(
          target.endpoint() == Endpoint.BASE ? new Ping() : new Catalog(Paging.lenient(query)));
    }
    Optional<RepositoryName> name = RepositoryName.tryParse(target.name());
    if (name.isEmpty()) {
      return refused(
          ErrorCode.NAME_INVALID,
          "invalid repository name: lower-case letters and digits, joined by . _ - and /, at most "
              + RepositoryName.MAX_LENGTH
              + " characters",
          null);
    }
    return switch (target.endpoint()) {
      case MANIFEST -> manifest(method, name.get(), target.tail(), query);
      case BLOB -> blob(method, name.get(), target.tail());
      case UPLOADS -> start(name.get(), query);
      case UPLOAD -> upload(method, name.get(), target.tail(), query);
      case TAGS -> tags(name.get(), query);
      case REFERRERS -> referrers(name.get(), target.tail(), query);
      case BASE, CATALOG -> throw new IllegalStateException("an endpoint without a name has one");
    };
  }

  private static Route manifest(String method, RepositoryName name, String tail, Query query) {
    Optional<Reference> reference = Reference.tryParse(tail);
    if (reference.isEmpty()) {
      return tail.indexOf(':') >= 0 ? badDigest("digest parsing failed") : badTag();
    }
    return switch (method) {
      case "PUT" -> put(name, reference.get(), query);
      case "DELETE" ->
          new Route.Found(
              switch (reference.get()) {
                case Digest digest -> new DeleteManifest(name, digest);
                case Tag tag -> new DeleteTag(name, tag);
              });
      default -> new Route.Found(new ReadManifest(name, reference.get(), method.equals("HEAD")));
    };
  }

  private static Route put(RepositoryName name, Reference reference, Query query) {
    List<Tag> tags = new ArrayList<>();
    for (String text : query.all("tag")) {
      Optional<Tag> tag = Tag.tryParse(text);
      if (tag.isEmpty()) {
        return badTag();
      }
      if (!tags.contains(tag.get())) {
        tags.add(tag.get());
      }
    }
    return tags.size() > MAX_TAGS_PER_PUSH
        ? new Route.TooManyTags()
        : new Route.Found(new PutManifest(name, reference, tags));
  }

  private static Route blob(String method, RepositoryName name, String tail) {
    Optional<Digest> digest = Digest.tryParse(tail);
    if (digest.isEmpty()) {
      return badDigest("digest parsing failed");
    }
    return new Route.Found(
        method.equals("DELETE")
            ? new DeleteBlob(name, digest.get())
            : new ReadBlob(name, digest.get(), method.equals("HEAD")));
  }

  /// A mount that cannot be read is answered like one that finds nothing: with a session, as 2.8.2
  /// does.
  private static Route start(RepositoryName name, Query query) {
    Optional<Digest> mount = query.first("mount").flatMap(Digest::tryParse);
    Optional<String> from = query.first("from").filter(text -> !text.isEmpty());
    Optional<RepositoryName> source = from.flatMap(RepositoryName::tryParse);
    if (mount.isPresent() && source.isPresent() == from.isPresent()) {
      return new Route.Found(new MountBlob(name, source, mount.get()));
    }
    Optional<String> digest = query.first("digest");
    if (digest.isPresent() && query.first("mount").isEmpty()) {
      return Digest.tryParse(digest.get())
          .<Route>map(parsed -> new Route.Found(new PostBlob(name, parsed)))
          .orElseGet(() -> badDigest("digest parsing failed"));
    }
    Optional<String> hint = query.first("digest-algorithm");
    Optional<Digest.Algorithm> algorithm = hint.flatMap(Digest.Algorithm::find);
    return hint.isPresent() && algorithm.isEmpty()
        ? badDigest("digest algorithm is not supported: use sha256 or sha512")
        : new Route.Found(new StartUpload(name, algorithm));
  }

  private static Route upload(String method, RepositoryName name, String tail, Query query) {
    Optional<UploadId> id = UploadId.tryParse(tail);
    if (id.isEmpty()) {
      return refused(ErrorCode.BLOB_UPLOAD_UNKNOWN, ErrorCode.BLOB_UPLOAD_UNKNOWN.message(), null);
    }
    Optional<String> state = query.first("_state").filter(text -> !text.isEmpty());
    return switch (method) {
      case "PATCH" -> new Route.Found(new AppendUpload(name, id.get(), state));
      case "DELETE" -> new Route.Found(new CancelUpload(name, id.get(), state));
      case "PUT" -> commit(name, id.get(), state, query);
      default -> new Route.Found(new ReadUpload(name, id.get(), state));
    };
  }

  private static Route commit(
      RepositoryName name, UploadId id, Optional<String> state, Query query) {
    Optional<String> text = query.first("digest").filter(value -> !value.isEmpty());
    if (text.isEmpty()) {
      return badDigest("digest missing");
    }
    return text.flatMap(Digest::tryParse)
        .<Route>map(digest -> new Route.Found(new CommitUpload(name, id, state, digest)))
        .orElseGet(() -> badDigest("digest parsing failed"));
  }

  private static Route tags(RepositoryName name, Query query) {
    return Paging.strict(query)
        .<Route>map(page -> new Route.Found(new ListTags(name, page)))
        .orElseGet(() -> badNumber(query));
  }

  private static Route referrers(RepositoryName name, String tail, Query query) {
    Optional<Digest> subject = Digest.tryParse(tail);
    if (subject.isEmpty()) {
      return badDigest("digest parsing failed");
    }
    Optional<String> type = query.first("artifactType");
    return Paging.strict(query)
        .<Route>map(page -> new Route.Found(new ListReferrers(name, subject.get(), type, page)))
        .orElseGet(() -> badNumber(query));
  }

  private static Route badDigest(String detail) {
    return refused(ErrorCode.DIGEST_INVALID, ErrorCode.DIGEST_INVALID.message(), detail);
  }

  private static Route badTag() {
    return refused(
        ErrorCode.TAG_INVALID,
        "invalid tag: 1 to 128 letters, digits, _ . -, beginning with none of . -",
        null);
  }

  private static Route badNumber(Query query) {
    ErrorCode code = ErrorCode.PAGINATION_NUMBER_INVALID;
    return refused(
        code, code.message() + ": n must be a number of 0 or more", Paging.detail(query));
  }

  private static Route refused(ErrorCode code, String message, @Nullable Object detail) {
    return new Route.Refused(new Problem(code, message, detail));
  }
}
