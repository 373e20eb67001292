"""The rules, tried by example, by property and against a slow reference."""
