"""Storage accounts: Azurite as the real part, and a small blob client over the published rules."""
