"""Views of a journal: what people and machines read of a run."""
