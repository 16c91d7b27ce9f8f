# What run, test and bench need before they can work. Sourced by them; $root is the source tree.
# shellcheck shell=bash

# Recall folds accents with ICU; the service must not run without it unnoticed.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

oldest_postgres=15
oldest_node=18

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

need_dotnet() {
    need_icu
    if ! command -v dotnet >/dev/null && [ -x "${DOTNET_ROOT:-${HOME:-}/.dotnet}/dotnet" ]; then
        PATH="${DOTNET_ROOT:-${HOME:-}/.dotnet}:$PATH"
    fi
    command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: the command dotnet was not found." \
        "Install it: https://dotnet.microsoft.com/download/dotnet/10.0 (Debian: https://learn.microsoft.com/dotnet/core/install/linux-debian)"
    # Not piped into grep -q: that may end before dotnet has written everything, and pipefail would call it a failure.
    local sdks
    sdks=$(dotnet --list-sdks)
    case $'\n'"$sdks" in
        *$'\n'10.*) ;;
        *) fail "The .NET 10 SDK is missing; found: ${sdks:-none}." "Install it: https://dotnet.microsoft.com/download/dotnet/10.0" ;;
    esac
}

has_icu() {
    compgen -G "/usr/lib/*/libicuuc.so.*" >/dev/null || compgen -G "/usr/lib*/libicuuc.so.*" >/dev/null || compgen -G "/usr/local/lib/libicuuc.so.*" >/dev/null
}

# dotnet and the service need the ICU library, which a small Debian lacks.
need_icu() {
    has_icu && return
    command -v apt-get >/dev/null || fail "The ICU library (libicu) is missing. Install it with this system's package manager."
    [ "$(id -u)" = 0 ] || fail "The ICU library is missing. Install it: sudo apt-get install libicu72 (the number is that of your Debian release)"
    echo "Installing the ICU library ..." >&2
    # Container images come without package lists, and the name of the package is only in them.
    [ -n "$(icu_package)" ] || apt-get update -qq >&2 || true
    local package
    package=$(icu_package)
    [ -n "$package" ] && apt_install "$package" || fail "The ICU library (Debian package libicuNN) could not be installed (see above)."
}

# The newest ICU package that can be installed; nothing when the package lists name none.
icu_package() {
    # Not pkgnames alone: it also lists names that only other packages mention.
    local package
    for package in $(apt-cache pkgnames libicu | grep -xE 'libicu[0-9]+' | sort -rV || true); do
        if [[ $(LC_ALL=C apt-cache policy "$package") =~ Candidate:\ [^\(] ]]; then
            echo "$package"
            return
        fi
    done
}

# The same places, and the same lower bound, as the service uses.
has_postgres() {
    local bin version folders
    IFS=: read -ra folders <<<"${PG_BIN:-}:$(pg_config --bindir 2>/dev/null || true):$PATH"
    for bin in "${folders[@]}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin; do
        [ -n "$bin" ] && [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] || continue
        version=$("$bin/postgres" --version | sed -nE 's/.*\(PostgreSQL\) ([0-9]+).*/\1/p')
        [ "${version:-0}" -ge "$oldest_postgres" ] && return 0
    done
    return 1
}

# need_postgres [WITHOUT]: WITHOUT completes "Install it ..., " with the way to do without a server here.
need_postgres() {
    has_postgres && return
    local without=${1:-"or use a server of your own: --postgres \"Host=...;Database=...;Username=...;Password=...\""}
    command -v apt-get >/dev/null || fail "PostgreSQL $oldest_postgres or newer is missing. Install it with this system's package manager, $without"
    [ "$(id -u)" = 0 ] || fail "The Debian package postgresql is missing. Install it: sudo apt-get install postgresql," "$without"
    install_postgres || fail "The Debian package postgresql could not be installed (see above). Install PostgreSQL $oldest_postgres or newer, $without"
    has_postgres || fail "The Debian package postgresql is older than PostgreSQL $oldest_postgres. Install a newer one (https://www.postgresql.org/download/linux/debian/), $without"
}

# The same places as the tests look in.
has_psql() {
    command -v psql >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/psql" >/dev/null || compgen -G "/usr/pgsql-*/bin/psql" >/dev/null \
        || [ -x /usr/local/pgsql/bin/psql ] || [ -x "${PG_BIN:-}/psql" ] || compgen -G "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin/psql" >/dev/null
}

need_psql() {
    has_psql && return
    command -v apt-get >/dev/null || fail "psql is missing. Install the PostgreSQL client with this system's package manager."
    [ "$(id -u)" = 0 ] || fail "psql is missing. Install it: sudo apt-get install postgresql-client"
    echo "Installing the Debian package postgresql-client ..." >&2
    apt_install postgresql-client || fail "The Debian package postgresql-client could not be installed (see above)."
}

# Only the tests need it: a linter and a generator of clients are fed with the OpenAPI document.
need_node() {
    has_node && return
    local advice="Install Node.js $oldest_node or newer with npm: https://nodejs.org/en/download"
    # Another npm than the one that came with it would not fit a node that is there.
    ! command -v node >/dev/null || fail "Node.js is older than $oldest_node, or npm is missing: found $(node --version)." "$advice"
    command -v apt-get >/dev/null || fail "Node.js is missing." "$advice"
    [ "$(id -u)" = 0 ] || fail "The Debian packages nodejs and npm are missing. Install them: sudo apt-get install nodejs npm"
    echo "Installing the Debian packages nodejs and npm ..." >&2
    apt_install nodejs && apt_install npm || fail "The Debian packages nodejs and npm could not be installed (see above)." "$advice"
    has_node || fail "The Debian package nodejs is older than $oldest_node." "$advice"
}

has_node() {
    local version
    command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return
    version=${version#v}
    [ "${version%%.*}" -ge "$oldest_node" ]
}

# Only the tests need them: they run the session of docs/planner.md as its readers do.
need_shell_session() {
    local program
    for program in curl jq; do
        command -v $program >/dev/null && continue
        command -v apt-get >/dev/null || fail "$program is missing. Install it with this system's package manager."
        [ "$(id -u)" = 0 ] || fail "$program is missing. Install it: sudo apt-get install $program"
        echo "Installing the Debian package $program ..." >&2
        apt_install $program || fail "The Debian package $program could not be installed (see above)."
    done
}

# Only the tests need it: it is asked whether it accepts compose/compose.yaml, which takes no Docker engine.
need_docker_compose() {
    command -v docker-compose >/dev/null && return
    command -v apt-get >/dev/null || fail "docker-compose is missing. Install it with this system's package manager."
    [ "$(id -u)" = 0 ] || fail "docker-compose is missing. Install it: sudo apt-get install --no-install-recommends docker-compose"
    echo "Installing the Debian package docker-compose ..." >&2
    apt_install docker-compose || fail "The Debian package docker-compose could not be installed (see above)."
}

# Only the tests need it: a server that speaks Valkey's protocol, which they start and kill. Debian's package would start one of its own
# where systemd runs; a policy says no.
need_redis() {
    command -v redis-server >/dev/null && command -v redis-cli >/dev/null && return
    command -v apt-get >/dev/null || fail "redis-server or redis-cli is missing. Install Redis or Valkey with this system's package manager."
    [ "$(id -u)" = 0 ] || fail "redis-server is missing. Install it: sudo apt-get install redis-server"
    echo "Installing the Debian package redis-server ..." >&2
    install_redis || fail "The Debian package redis-server could not be installed (see above)."
}

# A subshell, so that its trap is its own.
install_redis() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'trap - INT; rm -f "$policy"; kill -INT "$BASHPID"' INT
        trap 'exit 143' TERM
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt_install redis-server
)

# Installs the programs without the server that Debian would create and start for them.
# A subshell, so that its trap is its own.
install_postgres() (
    settings=/etc/postgresql-common/createcluster.d
    echo "Installing the Debian package postgresql ..." >&2
    apt_install postgresql-common || exit
    mkdir -p "$settings"
    # Only for this installation: what Debian does for others stays as it was, also after Ctrl-C.
    trap 'rm -f "$settings/planner-memory.conf"' EXIT
    # Ends by the signal itself, so that the script around it ends too.
    trap 'trap - INT; rm -f "$settings/planner-memory.conf"; kill -INT "$BASHPID"' INT
    trap 'exit 143' TERM
    echo "create_main_cluster = false" >"$settings/planner-memory.conf"
    apt_install postgresql
)

apt_install() {
    local options=(-y -qq --no-install-recommends -o Dpkg::Use-Pty=0)
    DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$1" >&2 && return
    # The lists may be missing, as in container images, or name files that are gone.
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$1" >&2
}

# Orleans' own PostgreSQL scripts are neither here nor in its packages: from the folder that ORLEANS_SQL names, else downloaded once.
# Leaves ORLEANS_SQL empty, and says why, when they cannot be had.
find_orleans_sql() {
    local folder="$root/artifacts/orleans-sql" log
    if [ -n "${ORLEANS_SQL:-}" ]; then
        [ -d "$ORLEANS_SQL" ] || fail "There is no folder $ORLEANS_SQL."
        ORLEANS_SQL=$(cd "$ORLEANS_SQL" && pwd)
        export ORLEANS_SQL
        return
    fi

    if [ ! -f "$folder/complete" ]; then
        log=$(mktemp)
        if ! sh "$root/compose/fetch-orleans-sql.sh" "$root/sql/orleans/scripts.sha256" "$folder" >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            echo "Orleans' PostgreSQL scripts could not be downloaded (see above). Put them into a folder and name it: --scripts DIR" >&2
            return
        fi
        rm -f "$log"
        touch "$folder/complete"
    fi
    export ORLEANS_SQL=$folder
}

# build CONFIGURATION PROJECT [ARGS...]: quiet unless it fails.
build() {
    local configuration=$1 project=$2 log
    shift 2
    log=$(mktemp)
    echo "Building $project ..." >&2
    # From the source tree, for its global.json. Build servers would keep a few hundred MB for minutes.
    if ! (cd "$root" && dotnet build "$project" -c "$configuration" -nologo -v quiet -clp:NoSummary --disable-build-servers "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "$project does not build."
    fi
    rm -f "$log"
}
