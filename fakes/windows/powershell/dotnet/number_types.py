"""number_types."""
