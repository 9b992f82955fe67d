# Flags of the JVM that serves, by the memory that it may use. Sourced by ./berth (POSIX sh).
# BERTH_TEST_ROOT stands before the absolute paths, for tests.

# Prints every memory limit in bytes that holds for a process in control group $2 of the hierarchy
# mounted at $1, where a limit stands in files named $3. Inside a container $2 may name a folder of
# the host that is not there: the walk up ends at the mount's own root, which is then the right one.
limits_above() {
  limits_group=$2
  while [ -n "$limits_group" ]; do
    cat "$1$limits_group/$3" 2>/dev/null
    limits_group=${limits_group%/*}
  done
  cat "$1/$3" 2>/dev/null
}

# Prints the smallest memory limit of this process in MiB; nothing where there is none. "max" (v2)
# and a number of nineteen digits (v1) mean no limit.
memory_limit_mib() {
  while IFS=: read -r _ controllers group; do
    case ",$controllers," in
      ,,) limits_above "${BERTH_TEST_ROOT:-}/sys/fs/cgroup" "$group" memory.max ;;
      *,memory,*) limits_above "${BERTH_TEST_ROOT:-}/sys/fs/cgroup/memory" "$group" memory.limit_in_bytes ;;
    esac
  done 2>/dev/null <"${BERTH_TEST_ROOT:-}/proc/self/cgroup" | awk '
    /^[0-9]+$/ && length($0) < 16 && (least == "" || $0 + 0 < least) { least = $0 + 0 }
    END { if (least != "") print int(least / 1048576) }'
}

# Prints the flags, one line. The serial collector with a young generation of 16 MiB was the
# fastest and smallest of those measured; what decides memory is outside the Java heap as well
# (buffers, compiled code), so each has its bound.
jvm_flags() {
  flags_limit=$(memory_limit_mib)
  if [ "${flags_limit:-1024}" -lt 256 ]; then
    # Deployments of registry 2.8.2 often say 128Mi: 40 + 24 + 24 leaves room for classes and stacks.
    echo "-Xmn12m -Xmx40m -XX:MaxDirectMemorySize=24m -XX:ReservedCodeCacheSize=24m"
  else
    echo "-Xmn16m -Xmx64m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=48m"
  fi
}
