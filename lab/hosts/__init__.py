"""Drivers of the hosts a scenario runs on; every driver speaks the protocol of `base`."""
