"""The command line: `civic`."""
