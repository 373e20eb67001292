"""Keeping the book: recording, reading back, exchanging and answering at the command line."""
