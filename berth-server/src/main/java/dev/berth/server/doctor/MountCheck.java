package dev.berth.server.doctor;

import dev.berth.server.doctor.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What kind of file system the root directory lies on.
final class MountCheck implements Check {
  private static final Set<String> OF_OTHER_MACHINES =
      Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "lustre", "gpfs", "9p", "afs");
  private static final String VOLUME =
      "mount a volume there (a PersistentVolumeClaim in Kubernetes, -v in Docker)";

  private final Path root;
  private final boolean readOnly;
  private final boolean inKubernetes;

  /// @param readOnly whether the registry is configured to write nothing
  MountCheck(Path root, boolean readOnly, boolean inKubernetes) {
    this.root = root;
    this.readOnly = readOnly;
    this.inKubernetes = inKubernetes;
  }

  @Override
  public void look(Findings findings) throws IOException {
    Path existing = root.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    look(existing.toRealPath(), MountTable.read(), findings);
  }

  void look(Path real, MountTable table, Findings findings) {
    Optional<Mount> found = table.find(real);
    if (found.isEmpty()) {
      findings.skip("no mount in /proc/self/mountinfo holds " + real);
      return;
    }
    Mount mount = found.get();
    String where = real + " is on " + mount.type() + " mounted at " + mount.point();
    lifetime(mount, where, findings);
    if (mount.options().contains("ro") && !readOnly) {
      findings.fail(
          where + " read-only: every push fails",
          "mount it for writing (readOnly: false at the volumeMount), or set"
              + " storage.maintenance.readonly.enabled");
    }
    if (OF_OTHER_MACHINES.contains(mount.type())) {
      ofOtherMachines(mount, findings);
    } else if (mount.type().startsWith("fuse")) {
      findings.warn(
          where + ": what is acknowledged is as safe as that program makes it",
          "use a file system of the kernel; object stores behind fuse neither rename nor lock");
    }
  }

  private void lifetime(Mount mount, String where, Findings findings) {
    boolean top = mount.point().getNameCount() == 0;
    if (top && (mount.type().equals("overlay") || inKubernetes)) {
      findings.warn(where + ", the container's own file system: data is lost with the pod", VOLUME);
    } else if (mount.type().equals("tmpfs")) {
      findings.warn(where + ", which is memory: data is lost when it ends", VOLUME);
    } else if (mount.root().contains("kubernetes.io~empty-dir")) {
      findings.warn(where + ", an emptyDir: data is lost with the pod", VOLUME);
    } else {
      findings.ok(where);
    }
  }

  private static void ofOtherMachines(Mount mount, Findings findings) {
    findings.note(
        "the file system is of another machine ("
            + mount.source()
            + "): a server that is away stops pulls and pushes, and its disk must be as safe as"
            + " yours");
    if (mount.options().contains("soft")) {
      findings.warn(
          "the mount is soft: a slow server becomes an error in the middle of a push",
          "mount it hard (mountOptions: [hard] at the PersistentVolume)");
    }
    if (mount.options().contains("nolock") || mount.options().contains("local_lock=all")) {
      findings.warn(
          "the mount keeps locks on this machine alone: two replicas may write to one upload",
          "mount it without nolock and local_lock, or use NFS 4");
    }
  }
}
