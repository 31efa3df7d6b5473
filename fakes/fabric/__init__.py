"""The fabric process: everything of Azure that one lab needs, composed into one program."""
