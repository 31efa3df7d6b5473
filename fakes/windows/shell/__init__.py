"""cmd.exe and the sessions programs run in."""
