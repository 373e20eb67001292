"""What the transparency log promises."""
