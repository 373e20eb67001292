"""The transparency log: that it proves what it says it proves, to others as well, and finds what was altered."""
