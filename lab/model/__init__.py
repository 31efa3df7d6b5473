"""The scenario file: its pydantic models, its loader and the facts its strings may name."""
