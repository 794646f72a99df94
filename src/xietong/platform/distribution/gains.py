"""By what kinds of persons it is told who gains from a step.

Here is the one place that says of which kind a person is: by the ground of their credits. Kinds
of household would take its place here, in the choices of `KindStanding` and nowhere else.
"""

# One row a person on the roll, with their kind.
KINDS = "SELECT id, ground AS kind FROM people_person WHERE left_at IS NULL"
