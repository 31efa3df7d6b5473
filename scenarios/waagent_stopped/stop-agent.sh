#!/bin/sh
# Stops the Azure Linux agent, whatever its service is named here.
set -e
for name in walinuxagent waagent; do
    if systemctl cat "$name.service" >/dev/null 2>&1; then
        service "$name" stop
        exit 0
    fi
done
echo "no service named walinuxagent or waagent: is the agent installed?" >&2
exit 1
