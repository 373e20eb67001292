"""Read models: each can be thrown away and rebuilt from the entries."""
