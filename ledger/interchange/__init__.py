"""Import and export, a module a format."""
