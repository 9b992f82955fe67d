package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.PolicyConfig;
import dev.berth.config.TokenAuth;
import dev.berth.config.load.ConfigSource;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OneOfEach;
import dev.berth.server.auth.AdminGate;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.BasicAuthenticator;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.HtpasswdLogins;
import dev.berth.server.auth.WatchedToken;
import dev.berth.server.policy.Policies;
import dev.berth.server.policy.Policy;
import dev.berth.server.policy.WatchedPolicy;
import dev.berth.server.reload.Reloads;
import dev.berth.server.token.Signer;
import dev.berth.server.token.TestToken;
import dev.berth.server.token.TokenAuthenticator;
import dev.berth.server.token.TokenSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of request with every kind of credential: the table has no empty cell, and a new kind
/// of either fails until it has its row or its column.
class AccessMatrixTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("a/b");
  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));

  /// Made with `htpasswd -B`; the password is `pass`.
  private static final String PASS = "$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i";

  private static final String POLICY =
      """
      rules:
        - {who: reader, may: pull}
        - {who: writer, may: push}
        - {who: admin, may: admin}
      """;

  private static final String ADMIN_API = "AdminApi";
  private static final String ADMIN_TOKEN = "0123456789abcdef";

  /// What a caller shows. The columns of the table, in this order.
  private enum Shown {
    NONE,
    WRONG,
    READER,
    WRITER,
    ADMIN,
    TOKEN,
    NO_TOKEN,
    EXPIRED_TOKEN,
    TOKEN_FOR_ANOTHER_REPOSITORY,
    ADMIN_TOKEN_OF_A_FILE
  }

  /// The token is for pulls and pushes of the repository. Who may use the admin API is decided
  /// apart, and its token opens nothing else.
  private static final String TABLE =
      """
                      none wrong reader writer admin | token none expired other | file
      Ping            401  401   200    200    200   | 200   401  401     200     | 401
      ReadBlob        401  401   200    200    200   | 200   401  401     401     | 401
      ReadManifest    401  401   200    200    200   | 200   401  401     401     | 401
      ReadUpload      401  401   200    200    200   | 200   401  401     401     | 401
      ListTags        401  401   200    200    200   | 200   401  401     401     | 401
      ListReferrers   401  401   200    200    200   | 200   401  401     401     | 401
      Catalog         401  401   200    200    200   | 401   401  401     401     | 401
      StartUpload     401  401   403    200    200   | 200   401  401     401     | 401
      MountBlob       401  401   403    200    200   | 200   401  401     401     | 401
      PostBlob        401  401   403    200    200   | 200   401  401     401     | 401
      AppendUpload    401  401   403    200    200   | 200   401  401     401     | 401
      CommitUpload    401  401   403    200    200   | 200   401  401     401     | 401
      PutManifest     401  401   403    200    200   | 200   401  401     401     | 401
      CancelUpload    401  401   403    200    200   | 401   401  401     401     | 401
      DeleteBlob      401  401   403    403    200   | 401   401  401     401     | 401
      DeleteManifest  401  401   403    403    200   | 401   401  401     401     | 401
      DeleteTag       401  401   403    403    200   | 401   401  401     401     | 401
      AdminApi        401  401   403    403    200   | 403   401  401     403     | 200
      """;

  private static final Set<Shown> BY_LOGIN =
      EnumSet.of(
          Shown.NONE,
          Shown.WRONG,
          Shown.READER,
          Shown.WRITER,
          Shown.ADMIN,
          Shown.ADMIN_TOKEN_OF_A_FILE);

  @TempDir private Path folder;

  @Test
  void everyRequestWithEveryCredentialIsAnsweredAsTheTableSays() throws Exception {
    Map<String, List<Integer>> table = table();
    Map<Shown, Authenticator> authenticators = authenticators();
    Map<Shown, Optional<String>> fields = fields();

    for (OciRequest request : OneOfEach.of(REPOSITORY, DIGEST)) {
      List<Integer> row = table.get(request.getClass().getSimpleName());
      assertThat(row).as(request.toString()).hasSize(Shown.values().length);
      Iterator<Integer> cells = Objects.requireNonNull(row).iterator();
      for (Shown shown : Shown.values()) {
        Decision decision =
            Objects.requireNonNull(authenticators.get(shown))
                .decide(Objects.requireNonNull(fields.get(shown)), "10.0.0.7", request);
        assertThat(status(decision)).as(shown + " " + request).isEqualTo(cells.next());
      }
    }
  }

  @Test
  void theAdminApiWithEveryCredentialIsAnsweredAsTheTableSays() throws Exception {
    Map<Shown, Authenticator> authenticators = authenticators();
    Map<Shown, Optional<String>> fields = fields();
    Path file = Files.writeString(folder.resolve("token"), ADMIN_TOKEN);
    var token = new WatchedToken(file, reloads.add("berth.admin.tokenfile"));
    PolicyConfig rules = Policies.of(POLICY);
    var policy =
        new WatchedPolicy(
            rules,
            () -> new ConfigSource("config.yml", ""),
            _ -> rules,
            reloads.add("berth.policy"));
    List<Integer> row = Objects.requireNonNull(table().get(ADMIN_API));
    assertThat(row).hasSize(Shown.values().length);
    Iterator<Integer> cells = row.iterator();
    for (Shown shown : Shown.values()) {
      Authenticator logins = Objects.requireNonNull(authenticators.get(shown));
      Decision decision =
          new AdminGate(token, policy::isAdmin, logins)
              .decide(Objects.requireNonNull(fields.get(shown)), "10.0.0.7");
      assertThat(status(decision)).as(shown.toString()).isEqualTo(cells.next());
    }
  }

  @Test
  void theTableAndTheRequestsOfTheTestsHoldEveryKind() {
    List<String> kinds =
        Arrays.stream(OciRequest.class.getPermittedSubclasses()).map(Class::getSimpleName).toList();

    Set<String> rows = table().keySet();
    rows.remove(ADMIN_API);
    assertThat(rows).containsExactlyInAnyOrderElementsOf(kinds);
    assertThat(OneOfEach.of(REPOSITORY, DIGEST))
        .extracting(request -> request.getClass().getSimpleName())
        .containsAll(kinds);
  }

  private static Map<String, List<Integer>> table() {
    return TABLE
        .lines()
        .skip(1)
        .map(line -> line.replace("|", "").split(" +", 2))
        .collect(
            Collectors.toMap(
                row -> row[0],
                row -> Arrays.stream(row[1].split(" +")).map(Integer::valueOf).toList(),
                (one, _) -> one,
                LinkedHashMap::new));
  }

  private static int status(Decision decision) {
    return switch (decision) {
      case Decision.Granted _ -> 200;
      case Decision.Unknown _, Decision.TokenNeeded _ -> 401;
      case Decision.Denied _ -> 403;
      case Decision.Busy _ -> 429;
      case Decision.Unavailable _ -> 503;
    };
  }

  private final Signer service = signer();
  private final Reloads reloads = new Reloads(InstantSource.system());

  private static Signer signer() {
    try {
      return Signer.root("service");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<Shown, Authenticator> authenticators() throws IOException {
    Path users =
        Files.writeString(
            folder.resolve("users"),
            "reader:%s\nwriter:%s\nadmin:%s\n".formatted(PASS, PASS, PASS));
    Path bundle = Files.writeString(folder.resolve("bundle.pem"), service.pem());
    var basic =
        new BasicAuthenticator(
            "r",
            new HtpasswdLogins(users, 1, null, reloads.add("auth.htpasswd.path")),
            new Policy(Policies.of(POLICY)),
            new SecureRandom());
    var token =
        new TokenAuthenticator(
            new TokenSettings(
                "https://auth.example/token",
                null,
                TestToken.SERVICE,
                TestToken.ISSUER,
                TokenAuth.ALGORITHMS,
                Optional.of(bundle),
                Optional.empty()),
            InstantSource.system(),
            new SecureRandom(),
            reloads.add("auth.token"));
    Map<Shown, Authenticator> all = new EnumMap<>(Shown.class);
    for (Shown shown : Shown.values()) {
      all.put(shown, BY_LOGIN.contains(shown) ? basic : token);
    }
    return all;
  }

  private Map<Shown, Optional<String>> fields() throws Exception {
    Map<Shown, Optional<String>> fields = new EnumMap<>(Shown.class);
    for (Shown shown : Shown.values()) {
      fields.put(shown, field(shown));
    }
    return fields;
  }

  private Optional<String> field(Shown shown) throws Exception {
    return switch (shown) {
      case NONE, NO_TOKEN -> Optional.empty();
      case WRONG -> basic("admin:wrong");
      case READER -> basic("reader:pass");
      case WRITER -> basic("writer:pass");
      case ADMIN -> basic("admin:pass");
      case TOKEN -> bearer(TestToken.by(service));
      case ADMIN_TOKEN_OF_A_FILE -> Optional.of("Bearer " + ADMIN_TOKEN);
      case EXPIRED_TOKEN ->
          bearer(TestToken.by(service).claim("exp", Instant.now().getEpochSecond() - 3600));
      case TOKEN_FOR_ANOTHER_REPOSITORY ->
          bearer(
              TestToken.by(service)
                  .claim("access", List.of(TestToken.access("repository", "a/c", "*"))));
    };
  }

  private static Optional<String> basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  private Optional<String> bearer(TestToken token) throws Exception {
    return Optional.of("Bearer " + token.signedBy(service));
  }
}
