#!/bin/sh
# Entry point that the guest agent runs: handle.sh install|enable|disable|update|uninstall
set -eu
cd "$(dirname "$0")"
if ! command -v python3 >/dev/null 2>&1; then
  echo "python3 was not found: the backup extension cannot run" >&2
  exit 51
fi
exec python3 -m vmsnapshot "$@"
