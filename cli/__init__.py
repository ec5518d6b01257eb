"""The `quartieri` command."""
