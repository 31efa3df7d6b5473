"""What stands in for Azure and for Windows."""
