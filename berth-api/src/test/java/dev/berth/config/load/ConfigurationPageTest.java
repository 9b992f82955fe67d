package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` says what the schema says. After a change of the schema, `./mvnw test
/// -pl berth-api -Dgolden.update` writes the tables anew.
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String START = "<!-- tables: written by ConfigurationPageTest -->\n";

  @Test
  void thePageSaysWhatTheSchemaSays() throws IOException {
    String page = Files.readString(PAGE);
    int tables = page.indexOf(START) + START.length();
    assertThat(page).contains(START);

    if (System.getProperty("golden.update") != null) {
      Files.writeString(
          PAGE, page.substring(0, tables) + "\n" + ConfigurationPage.tables().strip() + "\n");
    }

    assertThat(Files.readString(PAGE).substring(tables).strip())
        .isEqualTo(ConfigurationPage.tables().strip());
  }

  @Test
  void theTablesHoldEveryKey() {
    String tables = ConfigurationPage.tables();

    for (SchemaEntry entry : Schema.BERTH.entries()) {
      String name = entry.path().substring(entry.path().lastIndexOf('.') + 1);
      assertThat(tables).as(entry.path()).containsPattern("[`.]" + Pattern.quote(name) + "`");
    }
  }
}
