#!/bin/sh
# Installs wenshi from this folder, without internet: ./install.sh [FOLDER]. Needs Python, nothing else.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for version in @VERSIONS@; do
    if command -v "python$version" >/dev/null 2>&1; then
        exec "python$version" "$here/install.py" "$@"
    fi
done
if command -v python3 >/dev/null 2>&1; then
    exec python3 "$here/install.py" "$@"
fi
cat "$here/no-python.txt" >&2
exit 1
