"""The operator's panel of a fabric: what the harness does to the world and asks of it.

Azure has nothing of the kind; everything here stands outside what is simulated.
"""
