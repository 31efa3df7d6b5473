"""Azure VM Backup: the Recovery Services provider and the engine behind it."""
