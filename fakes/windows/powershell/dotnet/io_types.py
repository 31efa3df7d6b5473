"""io_types."""
