"""The stand-in for VMSnapshot on Windows: one PowerShell script in an extension package."""
