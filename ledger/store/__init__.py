"""Where entries are kept: the only room that knows a database or the library of events."""
