package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.redis.RedisState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisCheckTest {
  private static final Map<String, String> GOOD =
      Map.of(
          "redis_version", "7.0.15",
          "role", "master",
          "maxmemory", "268435456",
          "maxmemory_human", "256.00M",
          "maxmemory_policy", "allkeys-lru",
          "aof_enabled", "0",
          "rdb_last_bgsave_status", "ok");

  private static List<String> look(Map<String, String> info, String refusal) {
    return Looking.with(f -> RedisCheck.look(new RedisState("redis:6379", info, refusal), f));
  }

  @Test
  void aGoodOneIsGood() {
    assertThat(look(GOOD, "")).hasSize(3).allMatch(line -> line.startsWith("OK "));
  }

  @ParameterizedTest
  @CsvSource({
    "maxmemory_policy,noeviction,WARN,allkeys-lru",
    "maxmemory,0,WARN,no maxmemory",
    "role,slave,FAIL,is a replica",
    "aof_enabled,1,NOTE,not needed for a cache",
    "rdb_last_bgsave_status,err,WARN,could not save",
  })
  void findsWhatIsWrong(String name, String value, String verdict, String words) {
    Map<String, String> info = new HashMap<>(GOOD);
    info.put(name, value);

    assertThat(look(info, ""))
        .anyMatch(line -> line.startsWith(verdict + " ") && line.contains(words));
  }

  @Test
  void tellsWhyAWriteWasRefused() {
    assertThat(look(GOOD, "OOM command not allowed"))
        .anyMatch(line -> line.startsWith("FAIL a write was refused: OOM") && line.contains("lru"));
    assertThat(look(Map.of(), "NOPERM no permissions"))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("the right to SET"))
        .anyMatch(line -> line.startsWith("SKIP maxmemory"));
  }
}
