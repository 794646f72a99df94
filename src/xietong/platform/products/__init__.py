"""产品: products, their groups and units, regions, and how each product is distributed."""
