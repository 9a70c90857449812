"""What the tools return, as types."""
