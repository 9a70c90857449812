"""What an SSH host, a command and a remote file are, and their rules. No I/O."""
