#!/bin/sh
# Proves that the package works where nothing else is: packed, installed into an empty directory with Node 24 beside
# it, asked for its version, watched at its demo, made to write a report as PDF and to serve its console; and that an
# older Node is told so in one line.
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

say "npx casewire report --out month.pdf"
cat >casewire.yaml <<'YAML'
jira: { edition: cloud, url: "http://127.0.0.1:9", auth: { email: soc@example.com, token: "${env:PROOF_TOKEN}" } }
ticket: { project: SOC, issueType: Task }
tenants: { contoso: { source: defender-cloud-apps, url: "http://127.0.0.1:9", auth: { token: "${env:PROOF_TOKEN}" } } }
service: { listen: "127.0.0.1:0" }
YAML
PROOF_TOKEN=no-token-of-anybody
export PROOF_TOKEN
npx --no-install casewire report monthly --out month.pdf
[ "$(head -c 5 month.pdf)" = "%PDF-" ] || fail "the report is no PDF"
grep -aq CasewireText month.pdf || fail "the report is not set in the fonts of the package"
[ -f node_modules/casewire/docs/report.schema.json ] || fail "the package lacks the schema of reports as JSON"

say "casewire serve, and a look at its console"
node_modules/.bin/node node_modules/casewire/dist/cli/entry.js serve --json >serve.txt 2>&1 &
serve=$!
trap 'kill "$serve" 2>/dev/null || :; rm -rf "$outside"' EXIT
tries=0
until origin=$(sed -n 's/.*"listens":"\([^"]*\)".*/\1/p' serve.txt | head -n 1) && [ -n "$origin" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 60 ] || { cat serve.txt; fail "it does not serve"; }
  sleep 0.5
done
node -e 'fetch(process.argv[1]).then(async (a) => console.log(a.status, /<title>[^<]*/.exec(await a.text())?.[0]))' "$origin/" >console.txt
cat console.txt
grep -q '^200 <title>' console.txt || fail "the console does not show its first page"
kill "$serve"
code=0
wait "$serve" || code=$?
trap 'rm -rf "$outside"' EXIT
[ "$code" -eq 143 ] || fail "told to stop, it ended with code $code, not 143"

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
