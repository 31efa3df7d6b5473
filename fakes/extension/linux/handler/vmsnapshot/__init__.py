"""The backup extension for Linux: freezes file systems, takes snapshots, reports."""
