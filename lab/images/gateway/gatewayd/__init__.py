"""The gateway of a lab's guest: router, packet filter, DNS and the way to the fabric.

Runs as PID 1 of the gateway container and needs the standard library only. The guest's
wire ends here as ``guest0``. The platform's own addresses (168.63.129.16 and
169.254.169.254) live on this machine and no network security group filters them, as in
Azure; everything that an NSG does filter (storage) lives in a second network namespace,
"the cloud", so that packets to it are really forwarded, and dropped, by nftables.
"""
