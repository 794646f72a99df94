"""What Django asks a backend of this folder for."""

import select

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server answers: it has not hung up, and no transaction has failed.

        From one that is at rest nothing is to be read. To ask the server would take each page as
        long as a statement does.
        """
        try:
            look = select.poll()
            look.register(self.connection, select.POLLIN)
            status = self.connection.info.transaction_status
            return status != TransactionStatus.INERROR and not look.poll(0)
        except OperationalError:
            return False
