"""What Django asks a backend of this folder for."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server has not hung up: nothing is to be read from one that is at rest.

        To ask the server would take each page as long as a statement does.
        """
        try:
            look = select.poll()
            look.register(self.connection, select.POLLIN)
            return not look.poll(0)
        except OperationalError:
            return False
