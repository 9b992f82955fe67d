# The one search for a JDK that can build and run Berth. Sourced by ./mvnw and ./berth (POSIX sh).
#
# find_jdk sets and exports JAVA_HOME to the first JDK of version 25 or newer, in this order:
# BERTH_JAVA_HOME, JAVA_HOME, the PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks.
# When there is none it says so in one sentence and returns 1. BERTH_TEST_ROOT stands before the
# absolute paths, for tests.

BERTH_JDK_MINIMUM=25

# Prints the major version of the JDK in directory $1, nothing if it is not a JDK with a compiler.
# Reads the file "release" first: starting a JVM to ask costs more than the search.
jdk_major() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$jdk_version" ] ||
    jdk_version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  echo "$jdk_version"
}

# Prints one directory per line: where a JDK may be, most wanted first.
jdk_candidates() {
  [ -z "${BERTH_JAVA_HOME:-}" ] || echo "$BERTH_JAVA_HOME"
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  echo "${PATH:-}" | tr ':' '\n' | while IFS= read -r jdk_directory; do
    [ ! -x "$jdk_directory/javac" ] ||
      dirname "$(dirname "$(readlink -f "$jdk_directory/javac")")"
  done
  for jdk_directory in "${BERTH_TEST_ROOT:-}"/usr/lib/jvm/* "${BERTH_TEST_ROOT:-}"/opt/* \
    "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
    [ ! -d "$jdk_directory" ] || echo "$jdk_directory"
  done
}

find_jdk() {
  jdk_found=$(
    jdk_candidates | while IFS= read -r jdk_directory; do
      jdk_version=$(jdk_major "$jdk_directory")
      if [ "${jdk_version:-0}" -ge "$BERTH_JDK_MINIMUM" ]; then
        echo "$jdk_directory"
        break
      fi
    done
  )
  if [ -z "$jdk_found" ]; then
    echo "berth: needs a JDK $BERTH_JDK_MINIMUM or newer (with javac) and found none: looked in" \
      "BERTH_JAVA_HOME=${BERTH_JAVA_HOME:-(not set)}, JAVA_HOME=${JAVA_HOME:-(not set)}, the PATH," \
      "/usr/lib/jvm, /opt, ${HOME:-/root}/.sdkman/candidates/java, ${HOME:-/root}/.jdks;" \
      "install one or set BERTH_JAVA_HOME to it." >&2
    return 1
  fi
  JAVA_HOME=$jdk_found
  export JAVA_HOME
}
