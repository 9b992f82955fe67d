# How the JVM that serves is started, and its flags by the memory that it may use. Sourced by ./berth,
# by /bin/berth of the image and by the command that makes the image (POSIX sh).
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

# Prints all flags of the server's JVM. Said once for the training of a cache and for the real run: a
# cache serves only under the flags it was made with.
# The optimising compiler is told to inline less: measured once, it then took 2.8 s of a core instead of 4.4
# through the first thousands of requests, and 10 MB less memory, and what it made was as fast.
# A process whose heap was exhausted has lost threads and hangs: it ends, so that it is started anew.
# What glibc keeps of memory that was given back (30 MB after 10 GB of pushes) goes back every few seconds.
server_flags() {
  echo "-XX:+UseSerialGC -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -XX:TrimNativeHeapInterval=5000" \
    "-XX:MaxInlineLevel=9 -XX:InlineSmallCode=1000 -XX:FreqInlineSize=150 -Xlog:disable" \
    "-Xlog:all=error:stderr --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
    "--add-opens=java.base/java.security=ALL-UNNAMED" \
    "--add-opens=java.base/sun.security.provider=ALL-UNNAMED $(jvm_flags)"
}

# train_server JAVA JAR CACHE: makes a cache of loaded classes, for fast starts, by a short run that
# serves a push and a pull. It is good for one build, one JDK and one place.
train_server() {
  # shellcheck disable=SC2046
  "$1" $(server_flags) -XX:AOTCacheOutput="$3" -cp "$2" dev.berth.server.Training && [ -s "$3" ]
}

# exec_server JAVA JAR CACHE NAME ARGUMENT...: becomes the program, called NAME. CACHE may be missing or empty.
# BERTH_JAVA_OPTS is added to the JVM's flags and wins.
exec_server() {
  server_java=$1
  server_jar=$2
  server_cache=
  [ ! -s "$3" ] || server_cache=-XX:AOTCache=$3
  server_name=$4
  shift 4
  # The JDK tells a full disk only by the system's words: they must be the ones it is known by.
  export LC_ALL=C.UTF-8
  # The arenas that glibc gives each thread are most of the memory that is not Java's.
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
  # shellcheck disable=SC2046,SC2086
  exec "$server_java" $(server_flags) ${server_cache:+"$server_cache"} ${BERTH_JAVA_OPTS:-} \
    -Dberth.invoked.as="$server_name" -cp "$server_jar" dev.berth.server.Main "$@"
}
