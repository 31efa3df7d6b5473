"""The run engine: phases, proofs, steps, checks and differences of state."""
