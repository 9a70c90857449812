#!/usr/bin/env bash
# Install the servers of this checkout, register them with Claude Code, check them, and take it all back.
# Syntax of bash 3.2, which macOS has. Only the last line does anything, so half a file does nothing.

usage() {
    cat <<'TEXT'
usage: ./install-mcp.sh [options]

Installs every server of this checkout with uv or pipx (or into environments of
its own where there is neither), registers each with Claude Code by its absolute
path, writes an env file to fill in for each, and runs its doctor. Run it again
after an update: what is as it should be stays untouched.

  --only A,B          these servers only, for example --only proxmox,ssh
  --scope SCOPE       where Claude Code keeps them: user (default), project, local
  --read-only         register them so that they offer only what changes nothing
  --no-read-only      take --read-only back; without either, a registered server
                      keeps its arguments
  --no-register       leave Claude Code alone
  --configure         then ask for hosts, tokens and keys, and try each at once
  --print             print the configuration for Claude Code, Claude Desktop,
                      Cursor, VS Code and Codex, and do nothing else
  --dry-run           print what would be done, and change nothing
  --uninstall         remove the registrations, the programs and what this script
                      wrote; asks before it removes an env file that was filled in
  -y, --yes           ask nothing; the answer is yes
  -h, --help          this text
  --version           the version of this checkout

It asks nothing either where there is no terminal, or with CI or NONINTERACTIVE
set; env files that were filled in are then kept. The exit status is 1 when a
server could not be installed, registered or run, 2 for a wrong option. What only
waits for your settings is no failure.
TEXT
}

# -- Talking --------------------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }
step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
warn() { printf '%s\n' "install-mcp.sh: $*" >&2; }

die() {
    warn "$@"
    exit 1
}

wrong_usage() {
    warn "$1"
    usage >&2
    exit 2
}

# Ask a question whose answer may be yes. Nobody there to ask: no.
confirm() {
    local answer
    [ "$yes" ] && return 0
    [ "$interactive" ] || return 1
    read -r -p "$1 [y/N] " answer
    case "$answer" in [yY]*) ;; *) return 1 ;; esac
}

# What changes something goes through here, so that --dry-run can show it instead. What it prints goes to the log.
run() {
    if [ "$dry_run" ]; then
        printf '   '
        printf ' %q' "$@"
        printf '\n'
    else
        "$@" </dev/null >"$work/log" 2>&1
    fi
}

show_log() { tail -n 15 "$work/log" | sed 's/^/    /' >&2; }

# -- Finding --------------------------------------------------------------------------------------------------------

# The first of these programs, on PATH or where installers put it; an alias in somebody's shell is not seen here.
find_program() {
    local folder
    command -v "$1" && return
    for folder in "$HOME/.claude/local" "$HOME/.local/bin" "$HOME/.cargo/bin" "$HOME/.npm-global/bin" \
        /opt/homebrew/bin; do
        if [ -x "$folder/$1" ]; then
            echo "$folder/$1"
            return
        fi
    done
    return 1
}

# The interpreter itself: neither a shim in front of it nor somebody's environment, which may go away.
find_python() {
    local name candidate
    local tell='import sys; sys.version_info >= (3, 11) and print(getattr(sys, "_base_executable", sys.executable))'
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        candidate=$(find_program "$name") && candidate=$("$candidate" -c "$tell" 2>/dev/null)
        if [ "$candidate" ]; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

python_advice() {
    local system=""
    # shellcheck source=/dev/null
    [ -r /etc/os-release ] && system=$(. /etc/os-release && echo "${ID-} ${ID_LIKE-}")
    case "$(uname -s) $system" in
        Darwin*) echo "brew install python@3.13" ;;
        *debian* | *ubuntu*) echo "sudo apt-get install python3 python3-venv, where that is 3.11 or newer; else install uv" ;;
        *fedora* | *rhel*) echo "sudo dnf install python3.12" ;;
        *arch*) echo "sudo pacman -S python" ;;
        *) echo "install it with your package manager, or install uv, which brings its own" ;;
    esac
}

can_use() {
    case "$1" in
        uv) [ "$uv" ] ;;
        pipx) [ "$pipx" ] && [ "$python" ] ;;
        venv) [ "$python" ] && "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        *) false ;;
    esac
}

# What installed before goes on doing so; else the first that is there.
choose_backend() {
    local before
    before=$(cat "$data"/installed/* 2>/dev/null | head -n 1)
    python=$(find_python)
    uv=$(find_program uv)
    pipx=$(find_program pipx)
    for backend in "$before" uv pipx venv; do
        can_use "$backend" && return
    done
    [ "$python" ] || die "there is no Python 3.11 or newer, and no uv to fetch one. Try: $(python_advice)"
    die "$python can't make environments. Try: $(python_advice)"
}

# The folder in which a backend puts the commands.
commands_of() {
    case "$1" in
        uv) "$uv" tool dir --bin ;;
        pipx) "$pipx" environment --value PIPX_BIN_DIR ;;
        venv) echo "${XDG_BIN_HOME:-$HOME/.local/bin}" ;;
    esac
}

# Whether a folder could be written to, or made.
is_writable() {
    local folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    [ -d "$folder" ] && [ -w "$folder" ]
}

# A sum over everything a server is made from, and over the tool that installs it.
fingerprint() {
    (cd "$here" && echo "$backend" && find common "servers/$1" -type f ! -path '*/.*' ! -name '*.pyc' -exec cksum {} + |
        LC_ALL=C sort) | cksum
}

# -- One server: the program ----------------------------------------------------------------------------------------

# What this script noted when it installed a server: backend, fingerprint, command.
noted() { [ -r "$data/installed/$1" ] && sed -n "$2p" "$data/installed/$1"; }

command_of() {
    local found
    found=$(noted "$1" 3)
    echo "${found:-$bin/$1-mcp}"
}

answers() { "$1" --version </dev/null >/dev/null 2>&1; }

# Others publish commands of the same name; those stay as they are.
belongs_to_others() {
    [ -e "$bin/$1-mcp" ] || [ -L "$bin/$1-mcp" ] || return
    case "$(readlink "$bin/$1-mcp")" in
        */"infra-mcp-$1"/* | "$data/environments/$1"/*) return 1 ;;
    esac
}

install_program() {
    local name=$1 command=$bin/$1-mcp
    if [ "$(noted "$name" 2)" = "$(fingerprint "$name")" ] && answers "$(command_of "$name")"; then
        program="unchanged"
        return
    fi
    program="installed"
    [ -e "$data/installed/$name" ] && program="updated"
    step "$name: installing with $backend"
    if belongs_to_others "$name"; then
        program="FAILED"
        warn "$command is another program. Move it away, and run this again."
        return 1
    fi
    if ! install_with "$name"; then
        program="FAILED"
        warn "$name could not be installed:"
        show_log
        return 1
    fi
    [ "$dry_run" ] && return
    if ! "$command" --version </dev/null >"$work/log" 2>&1; then
        program="FAILED"
        warn "$command does not run:"
        show_log
        return 1
    fi
    mkdir -p "$data/installed" && printf '%s\n' "$backend" "$(fingerprint "$name")" "$command" >"$data/installed/$name"
}

install_with() {
    local home=$data/environments/$1
    case "$backend" in
        # The packages of a checkout change without a new version, so they are built anew; others may be cached.
        uv) run "$uv" tool install --compile-bytecode --python "${python:->=3.11}" --reinstall-package infra-mcp-common \
            --reinstall-package "infra-mcp-$1" "$here/servers/$1" ;;
        pipx) run env UV_COMPILE_BYTECODE=1 "$pipx" install --force --python "$python" "$here/servers/$1" ;;
        venv) run "$python" -m venv "$home" &&
            run "$home/bin/python" -m pip install --disable-pip-version-check "$here/servers/$1" &&
            run mkdir -p "$bin" && run ln -sf "$home/bin/$1-mcp" "$bin/$1-mcp" ;;
    esac
}

remove_program() {
    local name=$1 by
    by=$(noted "$name" 1)
    case "$by" in
        "") program="not installed" && return ;;
        uv) run "$uv" tool uninstall "infra-mcp-$name" ;;
        pipx) run "$pipx" uninstall "infra-mcp-$name" ;;
        venv) run rm -rf "$data/environments/$name" && run rm -f "$(noted "$name" 3)" ;;
    esac || {
        program="FAILED"
        warn "$name could not be removed:"
        show_log
        return 1
    }
    program="removed"
    run rm -f "$data/installed/$name"
}

# -- One server: Claude Code ----------------------------------------------------------------------------------------

# What Claude Code knows of a server: it has no name for "absent" but a sentence, and no other way to ask.
look_up() { entry=$("$claude" mcp get "$1" </dev/null 2>&1); }
field() { printf '%s\n' "$entry" | sed -n "s/^  $1: *//p" | head -n 1; }

entry_scope() { field Scope | cut -d ' ' -f 1 | tr '[:upper:]' '[:lower:]'; }

is_connected() {
    case "$(field Status)" in
        *Connected*) registered="connected" ;;
        *Pending*) registered="approve it in Claude Code" ;;
        *) registered="FAILED" && return 1 ;;
    esac
}

# The words after `claude`, in $words. The name stands before the options: --env would swallow it.
add_words() {
    local more
    IFS=' ' read -r -a more <<<"$arguments"
    words=(mcp add "$1" --scope "$scope" -- "$(command_of "$1")" "${more[@]}")
}

# What a registered server was given stays, so that an update never takes --read-only away.
choose_arguments() {
    arguments=$wanted_arguments
    if [ -z "$read_only" ] && [ "$(field Command)" = "$(command_of "$1")" ]; then arguments=$(field Args); fi
}

is_as_wanted() {
    [ "$(entry_scope)" = "$scope" ] && [ "$(field Command)" = "$(command_of "$1")" ] && [ "$(field Args)" = "$arguments" ]
}

register() {
    local name=$1
    if [ "$dry_run" ]; then
        add_words "$name"
        run claude mcp remove "$name" --scope "$scope"
        run claude "${words[@]}"
        registered="would register"
        return
    fi
    look_up "$name"
    choose_arguments "$name"
    if is_as_wanted "$name"; then
        is_connected && registered="unchanged, $registered"
        return
    fi
    add_words "$name"
    replace_entry "$name" || return
    look_up "$name"
    is_as_wanted "$name" && is_connected && return
    registered="FAILED"
    warn "Claude Code does not show $name as registered. See: claude mcp get $name"
    return 1
}

# `claude mcp add` refuses what is there already, so the old entry goes first. Nothing may come between the two.
replace_entry() {
    trap '' INT TERM HUP
    if run "$claude" mcp remove "$1" --scope "$scope" || grep -qiE '^No .*MCP server' "$work/log"; then
        run "$claude" "${words[@]}" && trap - INT TERM HUP && return
    fi
    trap - INT TERM HUP
    registered="FAILED"
    warn "$1 could not be registered:"
    show_log
    return 1
}

# Only entries that run the command of this installation are ours to remove, in whatever scope they are.
unregister() {
    local _ of
    registered="not registered"
    [ "$claude" ] || return 0
    for _ in user project local; do
        if [ "$dry_run" ]; then
            run claude mcp remove "$1" --scope "$scope"
            return
        fi
        look_up "$1"
        of=$(entry_scope)
        { [ "$of" ] && [ "$(field Command)" = "$(command_of "$1")" ]; } || return 0
        if ! run "$claude" mcp remove "$1" --scope "$of"; then
            registered="FAILED"
            warn "Claude Code still has $1:"
            show_log
            return 1
        fi
        registered="removed"
    done
}

# -- One server: its settings ---------------------------------------------------------------------------------------

write_env_file() {
    local name=$1 file=$config/$1.env
    settings="kept"
    if [ -e "$file" ] || [ -L "$file" ]; then
        # What is no file is left to the doctor, which says so.
        case "$(ls -lLd "$file")" in
            -???------*) ;;
            -*) settings="made private" && run chmod 600 "$file" ;;
        esac
        return
    fi
    settings="written"
    run mkdir -p "$config"
    if [ "$dry_run" ]; then
        say "    $name-mcp env-template > $file   # mode 0600"
        return
    fi
    # Made private from the start, and only if it is still not there.
    (umask 077 && set -C && "$(command_of "$name")" env-template >"$file") 2>"$work/log" && return
    settings="FAILED"
    warn "$file could not be written:"
    show_log
    return 1
}

# Before the program goes: it knows what an untouched file looks like.
remove_env_file() {
    local name=$1 file=$config/$1.env
    settings="none"
    [ -e "$file" ] || return 0
    settings="kept"
    if "$(command_of "$name")" env-template 2>/dev/null </dev/null | cmp -s - "$file" ||
        { [ -z "$dry_run" ] && confirm "Remove $file with what you filled in?"; }; then
        settings="removed"
        run rm -f "$file"
    else
        left=("${left[@]}" "$file")
    fi
}

# -- All of it ------------------------------------------------------------------------------------------------------

add_row() { printf '%s|%s|%s|%s|%s\n' "$@" >>"$work/table"; }

print_table() {
    say
    awk -F '|' '{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
        END { for (r = 1; r <= NR; r++) { line = ""
            for (i = 1; i < 5; i++) line = line sprintf("%-" (width[i] + 2) "s", cell[r, i])
            print line cell[r, 5] } }' "$work/table"
}

# Each doctor writes to a file of its own, all at once: they spend their time waiting.
run_doctors() {
    local name
    for name in "${healthy[@]}"; do
        {
            "$(command_of "$name")" doctor </dev/null >"$work/$name.doctor" 2>&1
            echo $? >"$work/$name.status"
        } &
    done
    wait
}

doctor_says() {
    local report=$work/$1.doctor
    case "$(cat "$work/$1.status" 2>/dev/null)" in
        0) echo "all well" ;;
        1) echo "fails: $(sed -n 's/^FAIL *//p' "$report" | head -n 1 | tr -s ' |' ' ' | cut -c 1-60)" ;;
        3) echo "to set: $(sed -n 's/^TODO *//p' "$report" | head -n 1 | tr -s ' |' ' ' | cut -c 1-60)" ;;
        "") echo "-" ;;
        *) echo "FAILED" ;;
    esac
}

install_one() {
    local name=$1
    registered="-" settings="-"
    install_program "$name" || return
    write_env_file "$name" || return
    if [ "$register" ] && [ "$claude" ]; then
        register "$name"
    elif [ "$register" ]; then
        registered="see below"
    fi
}

install_all() {
    local name says failed=""
    healthy=()
    add_row server program "Claude Code" "env file" doctor
    for name in "${servers[@]}"; do
        if install_one "$name"; then healthy=("${healthy[@]}" "$name"); else failed=yes; fi
        printf '%s|%s|%s|%s\n' "$name" "$program" "$registered" "$settings" >>"$work/rows"
    done
    [ "$dry_run" ] && say "Nothing was changed." && return
    [ "$configure" ] && configure_all
    [ "${#healthy[@]}" -gt 0 ] && step "running each doctor" && run_doctors
    while IFS='|' read -r name program registered settings; do
        says=$(doctor_says "$name")
        [ "$says" = FAILED ] && failed=yes
        add_row "$name" "$program" "$registered" "$settings" "$says"
    done <"$work/rows"
    print_table
    say_next
    [ -z "$failed" ]
}

configure_all() {
    local name words=()
    for name in "${healthy[@]}"; do words=("${words[@]}" "$name=$(command_of "$name")"); done
    [ "${#words[@]}" -gt 0 ] && "${python:-python3}" "$here/scripts/configure" "${words[@]}"
}

say_next() {
    say
    if ! grep -qEv '\|unchanged\|(unchanged[^|]*|-|see below)\|kept\||^server\|' "$work/table"; then
        say "Nothing changed."
    fi
    if [ "$register" ] && [ -z "$claude" ]; then
        say "Claude Code was not found. Once it is there, run this again, or:"
        print_add_lines
    fi
    case ":$PATH:" in *":$bin:"*) ;; *) say "To call the commands by name: export PATH=\"$bin:\$PATH\"" ;; esac
    if grep -qE '\|(to set|fails): ' "$work/table"; then
        say "Next: ./install-mcp.sh --configure asks for what is missing; or fill in the env files in $config."
        say "      The doctor of each server (for example: ${servers[0]}-mcp doctor) tells what to mend, scripts/health all at once."
    else
        say "Next: start Claude Code and ask what it can see. scripts/health tells at any time whether all is well."
    fi
}

uninstall_all() {
    local name failed="" state=${XDG_STATE_HOME:-$HOME/.local/state}/infra-mcp
    left=()
    add_row server program "Claude Code" "env file" ""
    for name in "${servers[@]}"; do
        unregister "$name" || failed=yes
        remove_env_file "$name"
        remove_program "$name" || failed=yes
        add_row "$name" "$program" "$registered" "$settings" ""
    done
    if [ -z "$only" ] && [ -d "$state" ]; then
        if [ -z "$dry_run" ] && confirm "Remove $state, the record of what was done?"; then
            run rm -rf "$state"
        else
            left=("${left[@]}" "$state")
        fi
    fi
    [ "$dry_run" ] && say "Nothing was changed." && return
    rmdir "$data/installed" "$data/environments" "$data" "$config" 2>/dev/null
    print_table
    [ "${#left[@]}" -eq 0 ] || printf '%s\n' "" "Kept, because it is yours:" "${left[@]}"
    [ -z "$failed" ]
}

# -- Configuration for other clients --------------------------------------------------------------------------------

quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/^/"/; s/$/"/'; }

print_add_lines() {
    local name
    for name in "${servers[@]}"; do
        add_words "$name"
        printf '    claude'
        printf ' %q' "${words[@]}"
        printf '\n'
    done
}

# A JSON object with one entry a server; $1 stands before the command of each.
print_json() {
    local name comma=""
    for name in "${servers[@]}"; do
        printf '%s    "%s": { %s"command": %s, "args": [%s] }' "$comma" "$name" "$1" "$(quoted "$(command_of "$name")")" \
            "${arguments:+"$(quoted "$arguments")"}"
        comma=$',\n'
    done
    printf '\n'
}

print_toml() {
    local name
    for name in "${servers[@]}"; do
        printf '[mcp_servers.%s]\ncommand = %s\nargs = [%s]\n\n' "$name" "$(quoted "$(command_of "$name")")" \
            "${arguments:+"$(quoted "$arguments")"}"
    done
}

print_snippets() {
    say "# Claude Code, in a terminal"
    print_add_lines
    say
    say "# Claude Desktop (claude_desktop_config.json) and Cursor (~/.cursor/mcp.json)"
    printf '{\n  "mcpServers": {\n%s\n  }\n}\n\n' "$(print_json "")"
    say "# VS Code (.vscode/mcp.json)"
    printf '{\n  "servers": {\n%s\n  }\n}\n\n' "$(print_json '"type": "stdio", ')"
    say "# Codex (~/.codex/config.toml)"
    print_toml
}

# -- Options --------------------------------------------------------------------------------------------------------

parse_options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --only=* | --scope=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
            --only | --scope) [ $# -gt 1 ] || wrong_usage "$1 needs a value" ;;
        esac
        case "$1" in
            --only) only=$2 && shift ;;
            --scope) scope=$2 && shift ;;
            --read-only) read_only=yes wanted_arguments=--read-only ;;
            --no-read-only) read_only=no wanted_arguments="" ;;
            --no-register) register="" ;;
            --configure) configure=yes ;;
            --print) action=print ;;
            --uninstall) action=uninstall ;;
            --dry-run) dry_run=yes ;;
            -y | --yes) yes=yes ;;
            -h | --help) usage && exit ;;
            --version) sed -n 's/^version = "\(.*\)"/infra-mcp \1/p' "$here/common/pyproject.toml" && exit ;;
            *) wrong_usage "unknown option: $1" ;;
        esac
        shift
    done
    case "$scope" in user | project | local) ;; *) wrong_usage "unknown scope: $scope" ;; esac
}

choose_servers() {
    local file name known=()
    for file in "$here"/servers/*/pyproject.toml; do
        name=$(basename "$(dirname "$file")")
        known=("${known[@]}" "$name")
        case ",$only," in ,, | *",$name,"*) servers=("${servers[@]}" "$name") ;; esac
    done
    for name in ${only//,/ }; do
        case " ${known[*]} " in *" $name "*) ;; *) wrong_usage "unknown server: $name (there are ${known[*]})" ;; esac
    done
    [ "${#servers[@]}" -gt 0 ] || wrong_usage "--only names no server"
}

check_place() {
    local folder
    [ -f "$here/common/pyproject.toml" ] || die "this script belongs into a checkout of infra-mcp; clone it and run it there"
    [ "${HOME-}" ] || die "HOME is not set"
    if [ "${SUDO_USER-}" ] && [ ! -O "$HOME" ]; then
        die "run it without sudo: it would leave files of root in $HOME"
    fi
    for folder in "$@"; do
        is_writable "$folder" || die "$folder can't be written to, and nothing was changed. Make it yours, or set \
XDG_CONFIG_HOME and XDG_DATA_HOME to other folders"
    done
}

main() {
    local action=install only="" scope=user read_only="" register=yes configure="" dry_run="" yes="" interactive=""
    local here data config bin bold="" plain="" python="" uv="" pipx="" backend="" claude="" servers=()
    local program registered settings wanted_arguments="" arguments="" entry words healthy left
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
    parse_options "$@"
    [ -t 1 ] && bold=$'\033[1m' plain=$'\033[0m'
    [ -t 0 ] && [ -t 1 ] && [ -z "${CI-}${NONINTERACTIVE-}" ] && interactive=yes
    if [ "$configure" ] && [ -z "$interactive" ]; then
        wrong_usage "--configure asks questions, so it needs a terminal"
    fi
    check_place
    choose_servers
    data=${XDG_DATA_HOME:-$HOME/.local/share}/infra-mcp
    config=${XDG_CONFIG_HOME:-$HOME/.config}/infra-mcp
    choose_backend
    bin=$(commands_of "$backend") || die "$backend does not tell where it puts commands"
    [ "$dry_run" ] || [ "$action" = print ] || check_place "$data" "$config" "$bin"
    claude=$(find_program claude)
    arguments=$wanted_arguments
    # Not local: the trap runs when this function is over.
    work=$(mktemp -d "${TMPDIR:-/tmp}/install-mcp.XXXXXX") || die "no temporary folder"
    trap 'rm -rf "$work"' EXIT
    case "$action" in
        install) install_all ;;
        uninstall) uninstall_all ;;
        print) print_snippets ;;
    esac
}

{ main "$@"; exit; }
