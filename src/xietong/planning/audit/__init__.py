"""Audits a plan from the economy's tables and the plan's tables alone.

Nothing here is shared with the solver, with the programme it solves or with what prepares it;
only the declarations of the format and of the objective are the same.
"""
