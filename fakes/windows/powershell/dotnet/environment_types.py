"""environment_types."""
