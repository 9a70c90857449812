"""The only way out: kubectl, by what it does, and its errors."""
