#!/bin/sh
# What pip cannot install: the interpreter's venv module, and the programs some tests drive.
#   prepare.sh venv PYTHON FOLDER   make a virtual environment
#   prepare.sh tests                browser, office suite, PDF and EPUB tools, fonts
#   prepare.sh cluster              a PostgreSQL that tests start for themselves
#   prepare.sh linux                what makes the edition for Linux, and an arm64 machine to try it
#   prepare.sh faces FOLDER         type faces of old books, unpacked there and not installed, to draw pages with
#   prepare.sh windows              what makes the edition for Windows, and Wine to try it
# Installs through apt where that needs no password (root, or sudo without one); elsewhere it says what is missing.
set -eu

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}

install() {
    echo "Installing through apt: $*"
    as_root apt-get update -qq || echo "apt-get update failed; trying with the lists at hand" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

make_venv() {
    if ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "Python 3.11 or newer is needed; $1 is $("$1" --version 2>&1). Name another one: make PYTHON=python3.12 …" >&2
        exit 1
    fi
    if ! "$1" -c 'import venv, ensurepip' 2>/dev/null; then
        package=$("$1" -c 'import sys; print(f"python3.{sys.version_info[1]}-venv")')
        if ! may_install || ! install "$package"; then
            echo "Python's venv module is missing. Install it and run make again:  sudo apt install $package" >&2
            exit 1
        fi
    fi
    "$1" -m venv "$2"
}

# One line for each missing Debian package.
missing_for_tests() {
    command -v chromium >/dev/null 2>&1 || echo chromium
    command -v chromedriver >/dev/null 2>&1 || echo chromium-driver
    command -v soffice >/dev/null 2>&1 || echo libreoffice-writer-nogui
    command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
    [ "$(uname)" != Linux ] || command -v strace >/dev/null 2>&1 || echo strace
    command -v epubcheck >/dev/null 2>&1 || echo epubcheck
    command -v java >/dev/null 2>&1 || echo default-jre-headless
    command -v mvn >/dev/null 2>&1 || echo maven
    [ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ] || echo fonts-noto-cjk fontconfig
}

prepare_tests() {
    wanted=$(missing_for_tests)
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086  # one word a package
    if may_install && install $wanted; then wanted=$(missing_for_tests); fi
    [ -z "$wanted" ] && return 0
    echo "Not installed, so the tests that need them are skipped by name:" $wanted >&2
    echo "To run them too:  sudo apt install" $wanted >&2
}

prepare_cluster() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 && return 0
    may_install && install postgresql && return 0
    echo "No PostgreSQL here, so its tests are skipped by name. To run them too:  sudo apt install postgresql" >&2
}

missing_for_windows() {
    command -v mvn >/dev/null 2>&1 || echo maven
    command -v makensis >/dev/null 2>&1 || echo nsis
    command -v rsvg-convert >/dev/null 2>&1 || echo librsvg2-bin
    command -v x86_64-w64-mingw32-gcc >/dev/null 2>&1 || echo gcc-mingw-w64-x86-64
    command -v wine >/dev/null 2>&1 || echo wine wine64
    command -v Xvfb >/dev/null 2>&1 || echo xvfb
    [ -f /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ] || echo fonts-noto-cjk
    [ -d /usr/share/doc/libtk8.6 ] || echo libtcl8.6 libtk8.6
}

prepare_windows() {
    wanted=$(missing_for_windows)
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086  # one word a package
    if may_install && install $wanted; then wanted=$(missing_for_windows); fi
    [ -z "$wanted" ] && return 0
    echo "Not installed, so the edition for Windows cannot be made or tried here:" $wanted >&2
    return 1
}

missing_for_linux() {
    command -v mvn >/dev/null 2>&1 || echo maven
    command -v npm >/dev/null 2>&1 || echo npm
    command -v dpkg-deb >/dev/null 2>&1 || echo dpkg
    [ -f /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ] || echo fonts-noto-cjk
    command -v qemu-aarch64-static >/dev/null 2>&1 || echo qemu-user-static
    [ -d /usr/aarch64-linux-gnu ] || echo libc6-arm64-cross libgcc-s1-arm64-cross libstdc++6-arm64-cross
}

prepare_linux() {
    wanted=$(missing_for_linux)
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086  # one word a package
    if may_install && install $wanted; then wanted=$(missing_for_linux); fi
    [ -z "$wanted" ] && return 0
    echo "Not installed, so the edition for Linux cannot be made or tried here:" $wanted >&2
    return 1
}

# 宋 and 楷 of Arphic, 宋, 楷 and 仿宋 of Fandol: unpacked only, so that books made here are set in what they were before.
prepare_faces() {
    [ -d "$1" ] && return 0
    command -v dpkg-deb >/dev/null 2>&1 || { echo "No dpkg here: pages are drawn with the fonts of the system." >&2; return 0; }
    mkdir -p "$1" && cd "$1"
    for package in fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-arphic-uming texlive-lang-chinese; do
        apt-get download -qq "$package" && dpkg-deb -x "$package"_*.deb . && rm -f "$package"_*.deb ||
            echo "$package cannot be fetched; its faces are left out" >&2
    done
}

case ${1-} in
    faces) prepare_faces "$2" ;;
    venv) make_venv "$2" "$3" ;;
    tests) prepare_tests ;;
    cluster) prepare_cluster ;;
    linux) prepare_linux ;;
    windows) prepare_windows ;;
    *) echo "usage: prepare.sh venv PYTHON FOLDER | tests | cluster | linux | windows" >&2; exit 2 ;;
esac
