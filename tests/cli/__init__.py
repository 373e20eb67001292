"""The command line, seen from outside: the installed `civic`, its screens and its exit codes."""
