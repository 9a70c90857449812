"""The only way to the cluster: its API, the consoles of its containers, and ssh to its nodes."""
