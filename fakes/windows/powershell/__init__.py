"""A PowerShell 5.1 for the simulated Windows host: language, cmdlets, formatting, CLIXML."""
