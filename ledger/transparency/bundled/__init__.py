"""What goes into every bundle as it is: how to verify it by hand, by a shell, and by Python alone."""
