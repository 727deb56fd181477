#!/bin/sh
# Makes a foreign client in a folder: capnp-es from npm at the pinned versions, and its own code for
# our schemas. Run from the root of the tree. Exits with 77, saying why on its last line, where
# node, npm or their registry is not to be had.
set -u
folder=$1
sources=$PWD

skip() { echo "$1"; exit 77; }
fail() { echo "$1"; exit 1; }

command -v node >/dev/null || skip "node is not installed"
command -v npm >/dev/null || skip "npm is not installed"
mkdir -p "$folder/typescript" || fail "$folder cannot be made"
cd "$folder" || fail "$folder cannot be entered"

foreign=$sources/tests/foreign
if ! cmp -s "$foreign/package-lock.json" installed.json; then
  cp "$foreign/package.json" "$foreign/package-lock.json" . || fail "no packages are named"
  npm ci --ignore-scripts --no-audit --no-fund >npm.txt 2>&1 ||
    skip "npm ci failed, see $folder/npm.txt: $(grep -m1 'npm error' npm.txt)"
  cp package-lock.json installed.json
fi

# Its -ojs generator cannot find one schema from another: TypeScript first, compiled here.
schemas=$sources/schemas
# One at a time: it gives up where there is much to read at once.
for schema in terminal common operator enrolment audit desk replies nouns credentials settlement; do
  capnp compile -I"$sources" --src-prefix="$sources" \
    -o"$folder/node_modules/.bin/capnpc-ts:typescript" \
    "$schemas/$schema.capnp" >generated.txt 2>&1 ||
    fail "no code for $schema.capnp: see $folder/generated.txt"
done
node_modules/.bin/tsc --noCheck --target es2022 --module esnext --moduleResolution bundler \
  --rootDir typescript --outDir . typescript/schemas/*.ts >compiled.txt 2>&1 ||
  fail "not compiled: see $folder/compiled.txt"
cp "$foreign/till_and_gate.mjs" "$foreign/framed_socket.mjs" . || fail "no client"
