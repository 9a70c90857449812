"""What an SSH host is to us, and its rules: addresses, known hosts, commands, files. No I/O."""
