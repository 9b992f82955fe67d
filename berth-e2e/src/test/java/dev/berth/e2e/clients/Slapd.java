package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// OpenLDAP's `slapd` with a few users and groups. All users have the password `pass-NAME`.
///
/// It listens on 127.0.0.1, and on 127.0.0.2, which is not in its certificate.
///
/// @param plain port of `ldap`
/// @param tls port of `ldaps`
record Slapd(Path folder, Path certificate, int plain, int tls, Daemon daemon)
    implements AutoCloseable {
  static final String SEARCHER = "cn=berth,dc=example,dc=com";
  private static final String ROOT = "cn=root,dc=example,dc=com";

  static Slapd start(Path folder, int plain, int tls) throws IOException {
    Tools.requireRoot();
    Path ldapadd = Tools.get("ldapadd");
    Files.createDirectories(folder.resolve("db"));
    Path certificate = folder.resolve("slapd.crt");
    Path key = folder.resolve("slapd.key");
    // Not by keytool: GnuTLS, which slapd has here, does not read its keys.
    Program.of(
            Tools.get("openssl"),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "30",
            "-subj",
            "/CN=slapd",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1")
        .run();
    Files.writeString(
        folder.resolve("slapd.conf"),
        """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/nis.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload memberof
        pidfile %1$s/pid
        TLSCertificateFile %2$s
        TLSCertificateKeyFile %3$s
        security tls=1
        database mdb
        suffix "dc=example,dc=com"
        rootdn "%4$s"
        rootpw pass-root
        directory %1$s/db
        overlay memberof
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="%5$s" read by self read by * none
        """
            .formatted(folder, certificate, key, ROOT, SEARCHER));
    Slapd slapd = run(folder, certificate, plain, tls);
    Path entries = Files.writeString(folder.resolve("entries.ldif"), entries());
    Program.of(
            ldapadd,
            "-x",
            "-H",
            "ldaps://127.0.0.1:" + tls,
            "-D",
            ROOT,
            "-w",
            "pass-root",
            "-f",
            entries)
        .with("LDAPTLS_CACERT", certificate)
        .run();
    return slapd;
  }

  /// Starts it again where it was.
  Slapd again() {
    return run(folder, certificate, plain, tls);
  }

  private static Slapd run(Path folder, Path certificate, int plain, int tls) {
    Path slapd = Tools.get("slapd");
    Path search = Tools.get("ldapsearch");
    String addresses =
        "ldap://127.0.0.1:%1$d/ ldap://127.0.0.2:%1$d/ ldaps://127.0.0.1:%2$d/ ldaps://127.0.0.2:%2$d/"
            .formatted(plain, tls);
    Daemon daemon =
        Daemon.start(
            folder.resolve("slapd.log"),
            List.of(
                slapd.toString(),
                "-f",
                folder.resolve("slapd.conf").toString(),
                "-h",
                addresses,
                "-d",
                "none"),
            () ->
                Program.of(search, "-x", "-H", "ldaps://127.0.0.1:" + tls, "-b", "", "-s", "base")
                        .with("LDAPTLS_CACERT", certificate)
                        .outcome()
                        .exit()
                    == 0);
    return new Slapd(folder, certificate, plain, tls, daemon);
  }

  private static String entries() {
    StringBuilder text =
        new StringBuilder(
            """
            dn: dc=example,dc=com
            objectClass: organization
            objectClass: dcObject
            o: example
            dc: example

            dn: cn=berth,dc=example,dc=com
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: berth
            userPassword: pass-berth

            dn: ou=people,dc=example,dc=com
            objectClass: organizationalUnit
            ou: people

            dn: ou=groups,dc=example,dc=com
            objectClass: organizationalUnit
            ou: groups

            """);
    for (String name : List.of("alice", "bob", "carl", "robot")) {
      text.append(
          """
          dn: uid=%1$s,ou=people,dc=example,dc=com
          objectClass: inetOrgPerson
          uid: %1$s
          cn: %1$s
          sn: %1$s
          userPassword: pass-%1$s

          """
              .formatted(name));
    }
    return text.append(
            """
            dn: cn=developers,ou=groups,dc=example,dc=com
            objectClass: groupOfNames
            cn: developers
            member: uid=alice,ou=people,dc=example,dc=com

            dn: cn=operators,ou=groups,dc=example,dc=com
            objectClass: posixGroup
            cn: operators
            gidNumber: 5000
            memberUid: bob
            """)
        .toString();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
