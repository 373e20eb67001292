"""Read models: equal however they came about."""
