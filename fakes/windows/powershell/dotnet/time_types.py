"""time_types."""
