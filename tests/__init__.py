"""The promises of the rooms, one folder a room."""
