#!/bin/sh
# Installs the given Debian packages without asking and without letting them start services.
# Exit code 0: installed. Run as root.
set -eu
export DEBIAN_FRONTEND=noninteractive
policy="${POLICY_FILE:-/usr/sbin/policy-rc.d}"

# Debian asks this file whether a freshly installed service may start; 101 means no.
# Our servers are private ones on ports of their own.
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install() {
  # Another apt may hold the lock, as on a machine that has just booted: wait for it, but not for ever.
  apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@"
}

# The lock of the package lists has no such option.
update() {
  tries=0
  until apt-get update -q; do
    tries=$((tries + 1))
    [ "$tries" -lt 6 ] || return 1
    sleep 10
  done
}

install "$@" || { update && install "$@"; }
