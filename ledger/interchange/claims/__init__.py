"""Tables of claims: each row is what one source says of one link, and becomes the events that it supports."""
