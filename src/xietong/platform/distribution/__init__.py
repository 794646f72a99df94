"""走向按需分配: each product's dossier, the rules by which it moves towards need, and the votes."""
