"""劳动: hours worked and their certification by another."""
