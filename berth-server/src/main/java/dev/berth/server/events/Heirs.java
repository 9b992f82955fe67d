package dev.berth.server.events;

import dev.berth.server.store.EventFolder;
import dev.berth.server.store.EventFolders;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Takes over the queues of processes that died. The kernel's lock says who lives, where it can be
/// seen: between processes of one machine. A process of another machine counts as dead when besides
/// it has not touched its folder for a while. One thread at a time.
final class Heirs {
  private static final System.Logger LOG = System.getLogger(Heirs.class.getName());

  /// Six of the owner's beats.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final EventFolders folders;
  private final String self;
  private final String machine;
  private final Map<String, EndpointQueue> queues;
  private final long segmentBytes;
  private final LongSupplier nanoTime;
  private final Map<String, Sighting> seen = new HashMap<>();
  private final Set<String> foreign = new HashSet<>();
  private final List<EventFolder> held = new ArrayList<>();

  /// @param self the name of this process's own folder
  /// @param machine as in [EventFolders#create]; empty where it is not known
  /// @param queues by their names on the store
  Heirs(
      EventFolders folders,
      String self,
      String machine,
      Map<String, EndpointQueue> queues,
      long segmentBytes,
      LongSupplier nanoTime) {
    this.folders = folders;
    this.self = self;
    this.machine = machine;
    this.queues = Map.copyOf(queues);
    this.segmentBytes = segmentBytes;
    this.nanoTime = nanoTime;
  }

  /// When a folder's owner was last seen to have touched it.
  private record Sighting(Instant beat, long nanos) {}

  /// Looks for queues that have no owner any more, and takes them.
  void look() {
    List<String> replicas = folders.replicas();
    seen.keySet().retainAll(replicas);
    for (String replica : replicas) {
      if (!replica.equals(self) && !foreign.contains(replica) && !isHeld(replica)) {
        boolean dead = folders.findOwner(replica).filter(o -> mayBeDead(replica, o)).isPresent();
        if (dead) {
          folders.take(replica).ifPresent(this::takeOver);
        }
      }
    }
  }

  private boolean mayBeDead(String replica, EventFolders.Owner owner) {
    if (!machine.isEmpty() && owner.machine().equals(machine)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    Sighting last = seen.get(replica);
    if (last == null || !last.beat().equals(owner.beat())) {
      seen.put(replica, new Sighting(owner.beat(), now));
      return false;
    }
    return now - last.nanos() >= SILENCE.toNanos();
  }

  private void takeOver(EventFolder folder) {
    boolean taken = false;
    try {
      List<String> all = folder.queues();
      List<String> known = all.stream().filter(queues::containsKey).toList();
      if (known.isEmpty() && !all.isEmpty()) {
        foreign.add(folder.replica());
        LOG.log(
            Level.WARNING,
            "events of an earlier process wait for endpoints that are not configured any more;"
                + " they are kept in berth/events/"
                + folder.replica()
                + ", which may be removed");
        return;
      }
      var left = new AtomicInteger(known.size());
      for (String name : known) {
        EndpointQueue heir = queues.get(name);
        if (heir != null) {
          heir.inherit(folder.open(name, segmentBytes), () -> done(folder, left));
        }
      }
      synchronized (held) {
        held.add(folder);
      }
      taken = true;
      if (known.isEmpty()) {
        remove(folder);
      }
    } finally {
      if (!taken) {
        folder.close();
      }
    }
  }

  private void done(EventFolder folder, AtomicInteger left) {
    if (left.decrementAndGet() == 0) {
      remove(folder);
    }
  }

  private void remove(EventFolder folder) {
    synchronized (held) {
      held.remove(folder);
    }
    folder.removeIfEmpty();
  }

  private boolean isHeld(String replica) {
    synchronized (held) {
      return held.stream().anyMatch(folder -> folder.replica().equals(replica));
    }
  }

  /// Gives up what was not delivered, for others to take.
  void close() {
    synchronized (held) {
      held.forEach(EventFolder::close);
      held.clear();
    }
  }
}
