"""What tools return, as types."""
