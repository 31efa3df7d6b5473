"""misc_types."""
