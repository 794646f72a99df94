"""表决: motions, ballots, tallies and what they set going."""
