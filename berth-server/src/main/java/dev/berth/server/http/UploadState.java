package dev.berth.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signed token `_state` in the location of an upload, in the format of registry 2.8.2:
/// URL-safe base64 with padding of HMAC-SHA256 over a JSON object, followed by that object.
/// Registries with the same secret read each other's tokens. Safe for use by many threads.
final class UploadState {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 32;

  /// A name, an id, a number and a time, encoded; anything longer was not made by a registry.
  private static final int MAX_LENGTH = 2048;

  private final JsonFactory json = new JsonFactory();
  private final Mac prototype;

  /// @param secret `http.secret`; may be empty, as in 2.8.2
  UploadState(byte[] secret) {
    // A Mac takes no empty key; HMAC pads keys with zeros, so one zero byte is the same key.
    byte[] key = secret.length == 0 ? new byte[1] : secret;
    try {
      prototype = Mac.getInstance(ALGORITHM);
      prototype.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /// The token for a session.
  String issue(RepositoryName repository, UploadSession session) {
    var out = new ByteArrayOutputStream(256);
    try (JsonGenerator writer = json.createGenerator(out)) {
      writer.writeStartObject();
      writer.writeStringField("Name", repository.value());
      writer.writeStringField("UUID", session.id().value());
      writer.writeNumberField("Offset", session.size());
      writer.writeStringField("StartedAt", session.startedAt().toString());
      writer.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    byte[] body = out.toByteArray();
    byte[] token = Arrays.copyOf(mac(body), MAC_BYTES + body.length);
    System.arraycopy(body, 0, token, MAC_BYTES, body.length);
    return Base64.getUrlEncoder().encodeToString(token);
  }

  /// Checks a token and gives the offset that it holds.
  ///
  /// @throws RegistryException `BLOB_UPLOAD_INVALID`: not signed with our secret, or for another
  ///   upload
  long offset(String token, RepositoryName repository, UploadId id) {
    byte[] body = body(token);
    String name = "";
    String uuid = "";
    long offset = -1;
    try (JsonParser parser = json.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "Name" -> name = parser.getText();
          case "UUID" -> uuid = parser.getText();
          case "Offset" -> offset = parser.getLongValue();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException _) {
      throw invalid();
    }
    if (offset < 0 || !name.equals(repository.value()) || !uuid.equals(id.value())) {
      throw invalid();
    }
    return offset;
  }

  private byte[] body(String token) {
    if (token.length() > MAX_LENGTH) {
      throw invalid();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException _) {
      throw invalid();
    }
    if (bytes.length <= MAC_BYTES) {
      throw invalid();
    }
    byte[] body = Arrays.copyOfRange(bytes, MAC_BYTES, bytes.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(bytes, MAC_BYTES), mac(body))) {
      throw invalid();
    }
    return body;
  }

  private byte[] mac(byte[] body) {
    try {
      return ((Mac) prototype.clone()).doFinal(body);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be cloned", e);
    }
  }

  private static RegistryException invalid() {
    return new RegistryException(
        ErrorCode.BLOB_UPLOAD_INVALID,
        "the upload's _state is not of this upload or not signed with this registry's secret");
  }
}
