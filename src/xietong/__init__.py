"""Xietong (协同): plan and run an economy together, in kind, by vote."""

__version__ = "0.1.0"
