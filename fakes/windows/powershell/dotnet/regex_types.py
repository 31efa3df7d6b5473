"""regex_types."""
