"""How long records are kept, by which key they are sealed, and who opened them."""
