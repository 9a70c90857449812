"""What the tools return, as types, by noun."""
