"""The stages of a backup, in the order in which Azure tries them."""
