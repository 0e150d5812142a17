#!/bin/sh
# Proves that the package works where nothing else is: packed, installed into an empty directory with Node 24 beside
# it, asked for its version and watched at its demo; and that an older Node is told so in one line.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
outer_path=$PATH
PATH=$root/node_modules/.bin:$PATH
export PATH
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'package proof: %s\n' "$*" >&2; exit 1; }

say "pack"
cd "$root"
version=$(node -p 'require("./package.json").version')
npm pack --silent --pack-destination "$outside" >/dev/null
tarball=$outside/casewire-$version.tgz
[ -f "$tarball" ] || fail "npm pack made no casewire-$version.tgz"
if tar -tzf "$tarball" | grep -E '(\.test\.js|^package/(src|test|bench)/)'; then fail "these do not belong into the package"; fi

say "install into an empty directory, with node@24"
mkdir "$outside/empty"
cd "$outside/empty"
npm init --yes >/dev/null
npm pkg set allowScripts.node=true --json
npm install --no-audit --no-fund --loglevel=error "$tarball" node@24
[ -x node_modules/.bin/casewire ] || fail "the package brings no executable"

say "npx casewire --version"
found=$(npx --no-install casewire --version)
echo "$found"
[ "$found" = "$version" ] || fail "it says $found, the package is $version"

say "npx casewire demo"
npx --no-install casewire demo </dev/null >demo.txt 2>&1 || { code=$?; cat demo.txt; fail "the demo ended with code $code"; }
cat demo.txt
raised=$(grep -c '^raised ' demo.txt)
[ "$raised" -eq 15 ] || fail "the demo raised $raised issues, not 15"

say "an older Node"
# Any on the caller's PATH that is too old will do; without one there is nothing to show.
old=
IFS=:
for place in $outer_path; do
  [ -x "$place/node" ] || continue
  found=$("$place/node" -p process.versions.node 2>/dev/null) || continue
  [ "${found%%.*}" -ge 24 ] || old=$place/node
done
unset IFS
if [ -n "$old" ]; then
  code=0
  "$old" node_modules/casewire/dist/cli/entry.js --version >old.txt 2>&1 || code=$?
  cat old.txt
  [ "$code" -eq 2 ] || fail "on an older Node it ended with code $code, not 2"
  [ "$(wc -l <old.txt)" -eq 1 ] || fail "on an older Node it said more than one line"
else
  echo "none on this machine: not shown"
fi

say "the package works"
