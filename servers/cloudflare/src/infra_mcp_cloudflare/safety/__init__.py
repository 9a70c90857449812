"""What keeps changes within what the operator and the caller meant."""
