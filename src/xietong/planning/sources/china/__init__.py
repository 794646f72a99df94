"""China: the input-output table of the National Bureau of Statistics as an economy in kind."""
