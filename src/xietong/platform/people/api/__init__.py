"""Persons, needs and households for programs, one file a subject."""

from ninja import Router

from . import households, needs, roll

router = Router()
for part in (roll, needs, households):
    router.add_router("", part.router)
