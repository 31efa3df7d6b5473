"""Windows command-line programs, one module each, imported when first run.

:mod:`fakes.windows.shell.programs` knows which module implements which program.
"""
