#!/usr/bin/env bash
# The front door. What is behind it is Go: the recipe is in web/, the tests are go test's.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
usage: ./build.sh [command]

  build   make web/dist and print its sizes (default)
  size    tell what each Go package costs in the WebAssembly; -package and -functions n tell more
  bench   measure the widget in Chromium, each figure beside its goal; -peers compares other widgets,
          -soak 10m holds a long conversation and fails where memory grows
  test    format, vet, unit tests, WebAssembly tests and browser tests
TEXT
}

need_go() {
  command -v go >/dev/null && return
  echo "build.sh: this needs Go 1.26 or newer: https://go.dev/dl" >&2
  exit 1
}

# Prints the path of a Chrome or Chromium, or fails.
browser() {
  local name
  if [ -n "${CHROME:-}" ]; then
    echo "$CHROME"
    return
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    # Ubuntu's package is an empty shell around a snap, which a container cannot run: it must answer.
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# Installs Chromium where there is no browser and the machine lets us.
need_browser() {
  browser >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing Chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null || true
    browser >/dev/null && return
  fi
  cat >&2 <<'TEXT'
build.sh: the browser tests need Chrome or Chromium, and none was found.
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo snap install chromium, or Google's own package where there are no snaps
  macOS:   brew install --cask google-chrome
  others:  install either, or set CHROME to its path
TEXT
  exit 1
}

# The other two engines. Where they are not to be had, their journeys are skipped; CI insists on them.
need_engines() {
  local missing=()
  command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing+=(firefox-esr)
  command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver)
  command -v Xvfb >/dev/null || missing+=(xvfb)
  if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
      echo "build.sh: could not install ${missing[*]}"
  fi
}

# wasmbrowsertest looks for its browser under names of its own, and does not know the flags that root
# needs: a wrapper in a folder of ours settles both. The driver inside complains about every message of a
# browser that is newer than itself.
wasm_tests() {
  local bin
  bin=$(mktemp -d)
  trap "rm -rf '$bin'" EXIT
  (cd web/e2e && go build -modfile=wasmtest.mod -o "$bin/wasmbrowsertest" github.com/agnivade/wasmbrowsertest)
  cat >"$bin/google-chrome" <<TEXT
#!/bin/sh
exec "$(browser)" --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "\$@"
TEXT
  chmod +x "$bin/google-chrome"
  PATH="$bin:$PATH" GOOS=js GOARCH=wasm go test -exec "$bin/wasmbrowsertest" ./widget ./protocol ./web/slim/rand 2>&1 |
    sed '/could not unmarshal event/d'
}

# No module has changed since go.sum named it, and none has a known weakness in what is called of it, neither on a desk nor in a page.
# Without a network there is nobody to ask.
modules() {
  local bin said platform
  go mod verify
  bin=$(mktemp -d)
  if ! said=$(GOBIN="$bin" go install golang.org/x/vuln/cmd/govulncheck@v1.9.0 2>&1); then
    printf 'build.sh: known weaknesses are not looked for, as govulncheck is not to be had: %s\n' "${said##*$'\n'}"
    rm -rf "$bin"
    return
  fi
  for platform in "$(go env GOOS)/$(go env GOARCH)" js/wasm; do
    if ! said=$(GOOS=${platform%/*} GOARCH=${platform#*/} "$bin/govulncheck" ./... 2>&1); then
      case $said in
        *"fetching vulnerabilities"*)
          printf 'build.sh: known weaknesses are not looked for, as their list is not to be had: %s\n' "${said##*$'\n'}"
          break
          ;;
      esac
      printf '%s\n' "$said" >&2
      rm -rf "$bin"
      return 1
    fi
    echo "$platform: nothing that is called has a known weakness"
  done
  rm -rf "$bin"
}

run_tests() {
  need_browser
  need_engines
  local unformatted
  unformatted=$(gofmt -l .)
  if [ -n "$unformatted" ]; then
    printf 'build.sh: not formatted by gofmt:\n%s\n' "$unformatted" >&2
    exit 1
  fi
  echo "== vet"
  go vet ./...
  GOOS=js GOARCH=wasm go vet ./...
  (cd web/e2e && go vet ./...)
  echo "== modules"
  modules
  echo "== unit tests"
  go test -race -timeout 75m ./...
  echo "== WebAssembly tests, in a browser"
  wasm_tests
  echo "== browser tests"
  export CHROME
  CHROME=$(browser)
  (cd web/e2e && go test -timeout 75m -v .)
}

command=${1:-build}
[ $# -gt 0 ] && shift
case $command in
  build | size)
    need_go
    exec go run . "$command" "$@"
    ;;
  test)
    need_go
    run_tests
    ;;
  bench)
    need_go
    need_browser
    CHROME=$(browser)
    export CHROME
    cd web/e2e
    exec go run ./bench "$@"
    ;;
  -h | --help | help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
