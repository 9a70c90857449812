"""What a Proxmox VE cluster holds: guests, nodes, storages, tasks, its API's own description, and the rules of each."""
