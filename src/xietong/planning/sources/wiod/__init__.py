"""National tables of the World Input-Output Database, release 2016, as economies in kind."""
