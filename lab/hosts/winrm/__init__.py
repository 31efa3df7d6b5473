"""The WinRM driver's parts: client, credentials, CLIXML, staging of scripts, guard, state."""
