"""The United States: the detailed tables of the Bureau of Economic Analysis as economies in kind."""
