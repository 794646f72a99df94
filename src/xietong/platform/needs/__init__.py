"""需求: what people order for themselves, what is needed in common, and collection."""
