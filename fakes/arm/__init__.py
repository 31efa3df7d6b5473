"""Azure Resource Manager: resources, long-running operations and ARM's own errors."""
