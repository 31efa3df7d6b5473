"""Our stand-ins for the VMSnapshot extension, one for each operating system."""
