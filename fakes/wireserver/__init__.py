"""The fabric's side of the guest agent protocol: wire server, HostGAPlugin and IMDS.

Sources: the WALinuxAgent project's protocol code (``azurelinuxagent/common/protocol``),
whose unmodified releases 2.2.47 to 2.12 accept these answers.
"""
