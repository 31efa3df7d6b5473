"""The commands of the `lab` program, one module per group of them."""
