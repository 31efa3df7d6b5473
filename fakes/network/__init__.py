"""The network as the NSGs describe it: one pure evaluator and its two compilers."""
