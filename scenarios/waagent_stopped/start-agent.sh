#!/bin/sh
# Starts the Azure Linux agent as the article says: "service walinuxagent start" on Ubuntu,
# "service waagent start" on other distributions.
set -e
for name in walinuxagent waagent; do
    if systemctl cat "$name.service" >/dev/null 2>&1; then
        service "$name" start
        exit 0
    fi
done
echo "no service named walinuxagent or waagent: is the agent installed?" >&2
exit 1
