"""Solves programmes of any size by prices and runs that answer each other, to a stated gap."""
