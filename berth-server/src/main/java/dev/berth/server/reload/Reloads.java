package dev.berth.server.reload;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// All that is read again while the server runs. Safe for use by many threads.
public final class Reloads {
  private final InstantSource clock;
  private final List<Reload> all = new CopyOnWriteArrayList<>();

  /// How one stands.
  ///
  /// @param key of the configuration, for example `auth.htpasswd.path`
  /// @param good when what holds now was read
  /// @param fault why what is there now cannot be used; empty where it is what holds
  public record State(String key, Instant good, String fault) {}

  public Reloads(InstantSource clock) {
    this.clock = clock;
  }

  /// One more, which has just been read for the first time.
  ///
  /// @param key of the configuration that names it
  public Reload add(String key) {
    var reload = new Reload(key, clock);
    all.add(reload);
    return reload;
  }

  /// How each stands.
  public List<State> states() {
    return all.stream().map(Reload::state).toList();
  }

  /// What is broken, by `reload_` and the key.
  public SortedMap<String, String> faults() {
    SortedMap<String, String> faults = new TreeMap<>();
    for (State state : states()) {
      if (!state.fault().isEmpty()) {
        faults.put("reload_" + state.key(), state.fault());
      }
    }
    return faults;
  }
}
