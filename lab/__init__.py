"""The lab harness."""
