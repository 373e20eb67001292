"""What councils do, and the rules: pure, without clock, disk, network or chance."""
