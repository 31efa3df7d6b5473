"""text_types."""
