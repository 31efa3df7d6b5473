#!/bin/sh
# Asks whether a storage endpoint answers on TCP 443 from here.
# Usage: probe-storage.sh HOST   Exit code: 0 when it was asked, 2 when HOST is missing.
# Prints "answers" when the TCP connection stands (whatever storage then says), else "no answer".
[ -n "$1" ] || { echo "usage: probe-storage.sh HOST" >&2; exit 2; }
if curl --silent --output /dev/null --connect-timeout 3 --max-time 6 "https://$1/"; then
    echo "answers: $1"
else
    echo "no answer: $1 (curl exit code $?)"
fi
