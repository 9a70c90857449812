"""The only way out: SSH connections, and what is done over them, by what it does."""
