"""Keeping the book."""
