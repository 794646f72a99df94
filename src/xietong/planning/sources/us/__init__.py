"""The United States: the Bureau of Economic Analysis' detailed tables as economies in kind."""
