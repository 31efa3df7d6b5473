"""The simulated Windows host: model, shells, tools, PowerShell and WinRM."""
