"""Reading rounds, and the scenarios people choose between."""
