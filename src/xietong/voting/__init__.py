"""Rules by which votes are counted."""
