"""人: persons, the roll, sign-in, grounds of need and public duties."""
