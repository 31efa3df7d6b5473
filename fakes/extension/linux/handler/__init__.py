"""What goes into the handler's package; standard library of Python 3 only."""
