# Sourced by the other tools: how they speak, and how they get what Debian has.

# say ENGLISH CHINESE: in the languages of the terminal.
say() {
    echo "$1" >&2
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) echo "$2" >&2 ;; esac
}

# Succeeds where Debian's packages can be installed: as root, with apt-get.
may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# debian PACKAGE...: installs them.
debian() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
