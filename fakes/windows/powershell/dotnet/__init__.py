"""The .NET types that administrators' scripts use, each as far as it is implemented."""
