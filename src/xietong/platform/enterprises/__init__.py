"""企业: enterprises, members, techniques, means and stocks; never an account of any kind."""
