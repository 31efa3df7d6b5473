"""collection_types."""
