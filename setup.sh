#!/usr/bin/env bash
# Puts libtorch's headers and libraries into .libtorch, once; later runs only look whether they are there.
#
# With HONE_LIBTORCH set, that folder is checked and used instead. Python 3 with pip is needed to fetch the wheel, never
# to build or run. The interpreter's own version does not matter: libtorch is the same in the wheels of all of them, so
# one wheel is always asked for and its hash is pinned in torch.sha256.
#
# bubblewrap, which isolates programs that models write, is installed where apt is there and we are root; elsewhere one
# line says that it is missing. Everything else works without it. HONE_NO_INSTALL=1 leaves the system as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly version=2.13.0
readonly place=.libtorch
readonly partial=.libtorch.partial
readonly pins=torch.sha256

stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# MARK: The sandbox's tools

sandbox() {
    local missing=()
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    command -v setpriv >/dev/null && command -v prlimit >/dev/null || missing+=(util-linux)
    ((${#missing[@]})) || return 0
    if [[ "$(id -u)" == 0 && -z "${HONE_NO_INSTALL:-}" ]] && command -v apt-get >/dev/null; then
        # Lists of packages may never have been fetched.
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
        apt-get update -qq >/dev/null 2>&1 || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
    fi
    echo "setup: ${missing[*]} is missing, so programs that models write are not run, and the sandbox's tests fail; install it (apt-get install ${missing[*]})" >&2
}
sandbox

# MARK: A folder of the user's own

if [[ -n "${HONE_LIBTORCH:-}" ]]; then
    for needed in include/ATen/ATen.h include/torch/headeronly/version.h lib/libtorch_cpu.so lib/libc10.so; do
        [[ -e "$HONE_LIBTORCH/$needed" ]] ||
            stop "HONE_LIBTORCH is $HONE_LIBTORCH, but there is no $needed in it; point it at an unpacked libtorch $version or unset it"
    done
    found=$(sed -n 's/^ *"\([0-9.]*\)"$/\1/p' "$HONE_LIBTORCH/include/torch/headeronly/version.h" | head -n 1)
    [[ "$found" == "${version%.*}".* ]] ||
        stop "HONE_LIBTORCH is $HONE_LIBTORCH and holds libtorch ${found:-of unknown version}, expected ${version%.*}.x"
    exit 0
fi

# MARK: Already done

complete() {
    [[ -f "$place/.stamp" && -f "$place/include/ATen/ATen.h" && -f "$place/lib/libtorch_cpu.so" &&
        -f "$place/lib/libc10.so" && -f "$place/lib/libgomp.so.1" ]] || return 1
    local stamp line
    stamp=$(<"$place/.stamp")
    while read -r line _; do
        [[ "$line" == "$stamp" ]] && return 0
    done <"$pins"
    return 1
}

[[ -f "$pins" ]] || stop "there is no $pins beside setup.sh; get the whole package again"
complete && exit 0

# MARK: What is needed

[[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] ||
    stop "found $(uname -s) on $(uname -m), and the pinned wheel is for Linux on x86_64; unpack libtorch $version yourself and set HONE_LIBTORCH"
command -v python3 >/dev/null || stop "python3 was not found; install Python 3 with pip, or set HONE_LIBTORCH"
python3 -m pip --version >/dev/null 2>&1 ||
    stop "python3 has no pip; install it (python3 -m ensurepip), or set HONE_LIBTORCH"
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
((free > 900000)) || stop "only $((free / 1024)) MB are free here, and libtorch needs about 900 MB while it is unpacked"

if command -v flock >/dev/null; then
    exec 9>.libtorch.lock
    flock 9
    complete && exit 0
fi

# What an interrupted run left is of no use: the stamp is written last.
rm -rf "$partial" .libtorch.old
mkdir "$partial"
trap 'rm -rf "$partial" .libtorch.old .libtorch.lock' EXIT

# MARK: Fetch

fetch() {
    python3 -m pip download --quiet --no-input --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_28_x86_64 \
        --dest "$partial/wheel" "$1" 2>>"$partial/log"
}

echo "setup: fetching libtorch $version (once; about 190 MB)" >&2
if ! fetch "torch==$version+cpu" && ! fetch "torch==$version"; then
    grep -qi 'no space' "$partial/log" && stop "the disk is full; free about 900 MB and run ./setup.sh again"
    stop "pip could not fetch torch $version: $(grep -v '^ *$' "$partial/log" | tail -n 1); check the network, or give an index with PIP_EXTRA_INDEX_URL, or set HONE_LIBTORCH"
fi
shopt -s nullglob
wheels=("$partial"/wheel/torch-*.whl)
((${#wheels[@]} == 1)) || stop "pip fetched ${#wheels[@]} wheels of torch, expected 1; run ./setup.sh again"
wheel=${wheels[0]}
hash=$(sha256sum "$wheel")
hash=${hash%% *}
grep -q "^$hash " "$pins" ||
    stop "${wheel##*/} has sha256 $hash, which is not in $pins; the file was deleted. Run ./setup.sh again, and do not use that index if it happens twice"

# MARK: Unpack

python3 - "$wheel" "$partial/new" <<'PYTHON' || stop "the wheel could not be unpacked; free about 900 MB and run ./setup.sh again"
import os, re, shutil, sys, zipfile

wheel, target = sys.argv[1:]
library = re.compile(r"torch/lib/lib(torch|torch_cpu|torch_global_deps|torch_cuda|c10|c10_cuda|gomp[^/]*)\.so[^/]*")
try:
    with zipfile.ZipFile(wheel) as archive:
        for item in archive.infolist():
            if item.is_dir() or not (item.filename.startswith("torch/include/") or library.fullmatch(item.filename)):
                continue
            path = os.path.join(target, *item.filename.split("/")[1:])
            if ".." in item.filename.split("/"):
                sys.exit("setup: the wheel names a file outside its folder")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(item) as source, open(path, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
except (OSError, zipfile.BadZipFile) as error:
    sys.exit(f"setup: {error}")
PYTHON
rm -rf "$partial/wheel"
for needed in include/ATen/ATen.h lib/libtorch_cpu.so lib/libc10.so; do
    [[ -f "$partial/new/$needed" ]] || stop "the wheel holds no $needed; report this"
done
# Some builds carry the OpenMP run-time under a name with a hash; the linker asks for the plain one.
if [[ ! -e "$partial/new/lib/libgomp.so.1" ]]; then
    gomp=("$partial"/new/lib/libgomp*)
    ((${#gomp[@]} == 1)) || stop "the wheel holds no libgomp; report this"
    cp "${gomp[0]}" "$partial/new/lib/libgomp.so.1"
fi
if command -v ldd >/dev/null; then
    missing=$(ldd "$partial/new/lib/libtorch_cpu.so" | awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ')
    [[ -z "$missing" ]] ||
        stop "${wheel##*/} needs libraries that are not here ($missing); give an index with CPU builds by PIP_EXTRA_INDEX_URL, or set HONE_LIBTORCH"
fi
printf '%s\n' "$hash" >"$partial/new/.stamp"

# MARK: Put in place

[[ ! -e "$place" ]] || mv "$place" .libtorch.old
mv "$partial/new" "$place"
echo "setup: libtorch $version is ready" >&2
